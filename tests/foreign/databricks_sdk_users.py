"""Reads every account user of a practice tenant with databricks-sdk and prints how many: what our own reading is measured against.

Usage: databricks_sdk_users.py PRACTICE_JSON
"""

import json
import sys

from databricks.sdk import AccountClient


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        practice = json.load(file)
    client = AccountClient(
        host=practice["endpoints"]["databricksAccounts"],
        account_id=practice["accountId"],
        client_id=practice["databricksClientId"],
        client_secret=practice["databricksClientSecret"],
        auth_type="oauth-m2m",
    )
    print(sum(1 for _ in client.users.list()))


if __name__ == "__main__":
    sys.exit(main())
