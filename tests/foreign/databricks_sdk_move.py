"""Reads what a move of a practice tenant concerns, as a script with databricks-sdk and a thread pool does: what our own reading is
measured against.

Usage: databricks_sdk_move.py PRACTICE_JSON

The account's users, groups with members and workspaces, each workspace's people, groups and assignments; on Graph, which
databricks-sdk does not know, the connectors with settings, jobs, schema and assignments, of the account's also the log and the test
of its saved credentials, and the members of every assigned group in batches. It pages as the SDK does by itself: 10,000 users of an
account at a time. Prints one JSON line: how many of each, and how many people only connectors of workspaces bring.
"""

import json
import sys
import threading
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

import requests
from databricks.sdk import AccountClient, WorkspaceClient
from databricks.sdk.errors import InvalidParameterValue
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

IN_FLIGHT = 4
WORKSPACES_AT_ONCE = 8
CONNECTORS_IN_A_BATCH = 6
GROUPS_IN_A_BATCH = 5
USER_FIELDS = "id,userName,displayName,externalId,active,emails,roles"
GROUP_FIELDS = "id,displayName,externalId,meta,entitlements"
TEMPLATE = "Azure Databricks SCIM Provisioning Connector"
SELECT_USER = "$select=id,displayName,userPrincipalName,mail,accountEnabled,userType&$top=999"


class Graph:
    """Microsoft Graph with a session a thread."""

    def __init__(self, practice):
        self.base = practice["endpoints"]["graph"] + "/v1.0"
        form = {
            "grant_type": "client_credentials",
            "client_id": practice["clientId"],
            "client_secret": practice["clientSecret"],
            "scope": "https://graph.microsoft.com/.default",
        }
        token = f"{practice['endpoints']['login']}/{practice['tenantId']}/oauth2/v2.0/token"
        self.token = requests.post(token, data=form, timeout=60).json()["access_token"]
        self.sessions = threading.local()

    def session(self):
        if not hasattr(self.sessions, "one"):
            self.sessions.one = requests.Session()
            self.sessions.one.headers["Authorization"] = f"Bearer {self.token}"
            patient = Retry(total=50, status_forcelist=[429], allowed_methods=None, respect_retry_after_header=True)
            self.sessions.one.mount("http://", HTTPAdapter(max_retries=patient))
        return self.sessions.one

    def get(self, path):
        answer = self.session().get(path if path.startswith("http") else self.base + path, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def post(self, path, body):
        answer = self.session().post(self.base + path, json=body, timeout=60)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def all(self, path):
        found = []
        while path:
            page = self.get(path)
            found += page["value"]
            path = page.get("@odata.nextLink")
        return found


def connector(graph, principal, parts):
    """A connector: its address, schema and who is assigned; of the account's also the log and the test of its saved credentials."""
    base = f"/servicePrincipals/{principal['id']}"
    address = next((one["value"] for one in parts["secrets"]["value"] if one["key"] == "BaseAddress"), "")
    for job in parts["jobs"]["value"][:1]:
        graph.get(f"{base}/synchronization/jobs/{job['id']}/schema")
        if "/accounts/" in address:
            body = {"applicationIdentifier": job["templateId"], "useSavedCredentials": True}
            graph.post(f"{base}/synchronization/jobs/{job['id']}/validateCredentials", body)
            wanted = urllib.parse.quote(f"jobId eq '{job['id']}'")
            graph.all(f"/auditLogs/provisioning?$filter={wanted}&$top=500")
    assigned = parts["assigned"]
    return address, assigned["value"] + graph.all(assigned.get("@odata.nextLink"))


def connectors(graph, principals):
    """Several connectors: their settings, jobs and assignments in one batch."""
    steps = []
    for one in principals:
        base = f"/servicePrincipals/{one['id']}"
        for name, path in (
            ("secrets", f"{base}/synchronization/secrets"),
            ("jobs", f"{base}/synchronization/jobs"),
            ("assigned", f"{base}/appRoleAssignedTo?$top=999"),
        ):
            steps.append({"id": f"{one['id']}/{name}", "method": "GET", "url": path})
    found = {one["id"]: {} for one in principals}
    for answer in graph.post("/$batch", {"requests": steps})["responses"]:
        principal, name = answer["id"].split("/")
        found[principal][name] = answer["body"]
    return [connector(graph, one, found[one["id"]]) for one in principals]


def members(graph, groups):
    """The people of a few groups, in one batch; longer lists page by page."""
    steps = []
    for group in groups:
        for name, path in (
            ("group", f"/groups/{group}"),
            ("users", f"/groups/{group}/members/graph.user?{SELECT_USER}"),
            ("groups", f"/groups/{group}/members/graph.group?$select=id,displayName"),
            ("apps", f"/groups/{group}/members/graph.servicePrincipal?$select=id,displayName"),
        ):
            steps.append({"id": f"{group}/{name}", "method": "GET", "url": path})
    found = {group: set() for group in groups}
    for answer in graph.post("/$batch", {"requests": steps})["responses"]:
        group, name = answer["id"].split("/")
        if name == "users" and answer["status"] == 200:
            page = answer["body"]
            people = page["value"] + (graph.all(page["@odata.nextLink"]) if "@odata.nextLink" in page else [])
            found[group] = {person["id"] for person in people}
    return found


def entra(practice):
    """Every connector with those whom its assigned groups bring."""
    graph = Graph(practice)
    template = urllib.parse.quote(f"displayName eq '{TEMPLATE}'")
    template = graph.get(f"/applicationTemplates?$filter={template}")["value"][0]["id"]
    wanted = urllib.parse.quote(f"applicationTemplateId eq '{template}'")
    principals = graph.all(f"/servicePrincipals?$filter={wanted}")
    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        batches = [principals[at : at + CONNECTORS_IN_A_BATCH] for at in range(0, len(principals), CONNECTORS_IN_A_BATCH)]
        found = [one for batch in pool.map(lambda batch: connectors(graph, batch), batches) for one in batch]
        groups = sorted({row["principalId"] for _, rows in found for row in rows if row["principalType"] == "Group"})
        batches = [groups[at : at + GROUPS_IN_A_BATCH] for at in range(0, len(groups), GROUPS_IN_A_BATCH)]
        people = {}
        for some in pool.map(lambda batch: members(graph, batch), batches):
            people.update(some)
    account, old = set(), set()
    for address, rows in found:
        brought = account if "/accounts/" in address else old
        for row in rows:
            brought |= people.get(row["principalId"], {row["principalId"]})
    return {"connectors": len(found), "entraGroups": len(groups), "gap": len(old - account)}


def workspace(account, practice, one):
    """A workspace's people, groups with members, and who is assigned to it."""
    key = str(one.workspace_id)
    client = WorkspaceClient(host=practice["endpoints"]["workspaces"][key], token=practice["pats"][key], auth_type="pat")
    people = list(client.users.list(attributes=USER_FIELDS))
    groups = [client.groups.get(group.id) for group in client.groups.list(attributes=GROUP_FIELDS)]
    client.current_user.me()
    try:
        assigned = list(account.workspace_assignment.list(one.workspace_id))
    except InvalidParameterValue:  # not identity-federated
        assigned = []
    return len(people), len(groups), len(assigned)


def databricks(practice):
    """The account with its workspaces."""
    account = AccountClient(
        host=practice["endpoints"]["databricksAccounts"],
        account_id=practice["accountId"],
        client_id=practice["databricksClientId"],
        client_secret=practice["databricksClientSecret"],
        auth_type="oauth-m2m",
    )
    workspaces = list(account.workspaces.list())
    people = list(account.users.list(attributes=USER_FIELDS))
    groups = list(account.groups.list(attributes=GROUP_FIELDS))
    with ThreadPoolExecutor(IN_FLIGHT) as pool, ThreadPoolExecutor(WORKSPACES_AT_ONCE) as others:
        seats = others.map(lambda one: workspace(account, practice, one), workspaces)
        full = list(pool.map(lambda group: account.groups.get(group.id), groups))
        seats = sum(people for people, _, _ in seats)
    return {
        "workspaces": len(workspaces),
        "people": len(people),
        "groups": len(groups),
        "memberships": sum(len(group.members or []) for group in full),
        "seats": seats,
    }


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        practice = json.load(file)
    with ThreadPoolExecutor(2) as sides:
        both = [sides.submit(side, practice) for side in (entra, databricks)]
        print(json.dumps({**both[0].result(), **both[1].result()}))


if __name__ == "__main__":
    sys.exit(main())
