"""Reads a practice tenant with databricks-sdk, which other people wrote: at account level and in each workspace.

Usage: databricks_sdk_reads.py PRACTICE_JSON [--users N]

PRACTICE_JSON is the document that `usher practice` prints. Prints one line a listing, `account users 27`, and ends with 1
when the SDK lists another number than the server says there are, lists something twice, or finds fewer account users than N.
"""

import argparse
import json
import sys
import urllib.request

from databricks.sdk import AccountClient, WorkspaceClient

RESOURCES = {"users": "Users", "groups": "Groups", "service_principals": "ServicePrincipals"}


def announced(base, endpoint, token):
    """How many resources the server says it has, asked without the SDK."""
    request = urllib.request.Request(f"{base}/{endpoint}?count=1", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)["totalResults"]


def compare(where, client, base, token):
    """Lists each kind of resource and prints its number; returns the numbers and what did not agree."""
    numbers, faults = {}, []
    for name, endpoint in RESOURCES.items():
        listed = [item.id for item in getattr(client, name).list()]
        numbers[name] = len(listed)
        print(where, name, len(listed), flush=True)
        expected = announced(base, endpoint, token)
        if len(listed) != expected:
            faults.append(f"{where} {name}: listed {len(listed)}, the server says {expected}")
        if len(set(listed)) != len(listed):
            faults.append(f"{where} {name}: listed twice")
    return numbers, faults


def read(practice):
    """Lists everything at both levels; returns the numbers of the account and what did not agree."""
    endpoints = practice["endpoints"]
    host, account_id = endpoints["databricksAccounts"], practice["accountId"]
    base = f"{host}/api/2.0/accounts/{account_id}/scim/v2"
    client = AccountClient(
        host=host,
        account_id=account_id,
        client_id=practice["databricksClientId"],
        client_secret=practice["databricksClientSecret"],
        auth_type="oauth-m2m",
    )
    numbers, faults = compare("account", client, base, practice["scimToken"])
    workspaces = {str(workspace.workspace_id) for workspace in client.workspaces.list()}
    if workspaces != set(endpoints["workspaces"]):
        faults.append(f"account workspaces: listed {sorted(workspaces)}")
    for workspace_id, origin in endpoints["workspaces"].items():
        token = practice["pats"][workspace_id]
        workspace = WorkspaceClient(host=origin, token=token, auth_type="pat")
        faults += compare(f"workspace {workspace_id}", workspace, f"{origin}/api/2.0/preview/scim/v2", token)[1]
        if not any(group.display == "admins" for group in workspace.current_user.me().groups or []):
            faults.append(f"workspace {workspace_id}: the token's owner is no admin")
    return numbers, faults


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("practice_json")
    arguments.add_argument("--users", type=int, default=1, help="how many account users there are at least")
    arguments = arguments.parse_args()
    with open(arguments.practice_json, encoding="utf-8") as file:
        practice = json.load(file)
    numbers, faults = read(practice)
    if numbers["users"] < arguments.users:
        faults.append(f"account users: {numbers['users']} listed, {arguments.users} expected at least")
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
