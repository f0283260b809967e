"""Runs scim2-tester, the check of SCIM servers of the python-scim project, on the practice tenant's SCIM.

The practice tenant departs from RFC 7643 and 7644 where Databricks does. Each such departure is listed here with the fact it
rests on; whatever else scim2-tester finds wrong fails, and so does a departure that is no longer found.
Usage: PRACTICE_JSON LEVEL, where LEVEL is `account`, `account-2.1` or `workspace`.
"""

import json
import sys
import uuid

import httpx2
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_models import Meta, Resource, Schema, ScimProvider, ServiceProviderConfig
from scim2_tester import Status, check_server

EVERYWHERE = {"account", "account-2.1", "workspace"}
V2_1 = {"account-2.1"}
WORKSPACE = {"workspace"}

# Where Databricks departs from the RFC, by: levels, resource, the tester's check, what it says, and the section of
# facts/databricks it rests on.
DEPARTURES = [
    # It has Users, Groups and ServicePrincipals. Discovery and searches by POST are mentioned nowhere, which 3.1 takes for their
    # absence: nobody tried.
    (EVERYWHERE, None, "service_provider_config_endpoint", "", "3.1"),
    (EVERYWHERE, None, "service_provider_config_endpoint_methods", "404 instead of 405", "3.1"),
    (EVERYWHERE, None, "query_all_resource_types", "", "3.1"),
    (EVERYWHERE, None, "resource_types_endpoint_methods", "404 instead of 405", "3.1"),
    (EVERYWHERE, None, "query_all_schemas", "", "3.1"),
    (EVERYWHERE, None, "schemas_endpoint_methods", "404 instead of 405", "3.1"),
    (EVERYWHERE, "User", "search_with_attributes", "", "3.1"),
    (EVERYWHERE, "Group", "search_with_attributes", "", "3.1"),
    # Errors of 2.1 are of Databricks' own shape.
    (V2_1, None, "access_invalid_resource_type", "without a SCIM error", "3.5"),
    (V2_1, None, "access_invalid_schema", "without a SCIM error", "3.5"),
    (V2_1, None, "random_url", "without a SCIM error", "3.5"),
    (V2_1, "User", "object_deletion", "without a SCIM error", "3.5"),
    (V2_1, "Group", "object_deletion", "without a SCIM error", "3.5"),
    # A patch changes displayName, active and roles of a user, as 3.3 lists them. userName and emails are passed over in silence, and
    # so is name, which the list lacks.
    (EVERYWHERE, "User", "check_add_attribute", "'name'", "3.3"),
    (EVERYWHERE, "User", "check_add_attribute", "'emails'", "3.3"),
    (EVERYWHERE, "User", "check_replace_attribute", "'userName'", "3.3"),
    (EVERYWHERE, "User", "check_replace_attribute", "'name'", "3.3"),
    (EVERYWHERE, "User", "check_replace_attribute", "'emails'", "3.3"),
    (EVERYWHERE, "User", "check_remove_attribute", "'name'", "3.3"),
    (EVERYWHERE, "User", "check_remove_attribute", "'emails'", "3.3"),
    # active is true or false and nothing else.
    (EVERYWHERE, "User", "check_remove_attribute", "'active'", "3.3"),
    # externalId of a user is cleared by nobody. Whether it may be changed the sources do not agree (3.3): the account's reference
    # and Databricks' own script do it at 2.1, the SDK's words call it reserved. Practice takes the one for the account and the
    # other for the workspace.
    (EVERYWHERE, "User", "check_remove_attribute", "'externalId'", "3.3"),
    (WORKSPACE, "User", "check_add_attribute", "'externalId'", "3.3"),
    (WORKSPACE, "User", "check_replace_attribute", "'externalId'", "3.3"),
    # The reference of 2.1 has no PUT for groups; which status answers one it does not say.
    (V2_1, "Group", "object_replacement", "405", "3.3"),
    # Roles at workspace level are instance profiles of AWS, which this workspace on Azure has not.
    (WORKSPACE, "User", "check_add_attribute", "'roles'", "3.1"),
    (WORKSPACE, "User", "check_replace_attribute", "'roles'", "3.1"),
    (WORKSPACE, "User", "check_remove_attribute", "'roles'", "3.1"),
    # A member is shown with a name beside the id that was given: UCX compares groups by the names of their members (5.2).
    (EVERYWHERE, "Group", "check_add_attribute", "'members'", "5.2"),
    (EVERYWHERE, "Group", "check_replace_attribute", "'members'", "5.2"),
]

WELL = {Status.SUCCESS, Status.COMPLIANT, Status.ACCEPTABLE, Status.SKIPPED}


def attribute(name, kind="string", **more):
    """An attribute of a schema, as RFC 7643 section 7 writes it."""
    usual = {"multiValued": False, "required": False, "mutability": "readWrite", "returned": "default"}
    unique = {"uniqueness": "none"} if kind in ("string", "reference") else {}
    return {"name": name, "type": kind, **usual, **unique, **more}


def several(name, *parts, **more):
    """A complex attribute of which there may be several."""
    return attribute(name, "complex", multiValued=True, subAttributes=list(parts), **more)


# Databricks publishes no schemas (facts/databricks 3.1): this is what its documents name.
USER = [
    attribute("userName", required=True, uniqueness="server"),
    attribute("displayName"),
    attribute("name", "complex", subAttributes=[attribute("givenName"), attribute("familyName")]),
    several("emails", attribute("value"), attribute("type"), attribute("primary", "boolean")),
    attribute("active", "boolean"),
    several("roles", attribute("value")),
    several(
        "groups",
        attribute("value"),
        attribute("$ref", "reference", referenceTypes=["Group"]),
        attribute("display"),
        mutability="readOnly",
    ),
]
GROUP = [
    attribute("displayName", required=True),
    several(
        "members",
        attribute("value", mutability="immutable"),
        attribute("$ref", "reference", mutability="immutable", referenceTypes=["User"]),
        attribute("display", mutability="readOnly"),
    ),
    several("roles", attribute("value")),
]


def model(name, attributes):
    """The resource of a name, with these attributes."""
    urn = f"urn:ietf:params:scim:schemas:core:2.0:{name}"
    schema = {"id": urn, "name": name, "description": name, "attributes": attributes}
    return Resource.from_schema(Schema.model_validate(schema))


class Client(SyncSCIMClient):
    """Names people as Databricks wants them: by a mail address, which is their work address (facts/databricks 8, D17)."""

    def create(self, resource=None, *args, **more):
        if hasattr(resource, "user_name"):
            address = f"{uuid.uuid4().hex}@example.com"
            resource.user_name = address
            email = type(resource).get_field_root_type("emails")
            resource.emails = [email(value=address, type="work", primary=True)]
        made = super().create(resource, *args, **more)
        # Databricks tells no location: this is what its references look like.
        if isinstance(made, Resource):
            name = type(made).__name__
            made.meta = Meta(resource_type=name, location=f"{name}s/{made.id}")
        return made


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        practice = json.load(file)
    level = sys.argv[2]
    base, token = practice["scimUrl"], practice["scimToken"]
    if level == "account":
        base = base.replace("/api/2.1/", "/api/2.0/")
    if level == "workspace":
        base, token = practice["endpoints"]["workspaces"]["1001"], practice["pats"]["1001"]
        base += "/api/2.0/preview/scim/v2"
    config = {
        "patch": {"supported": True},
        "bulk": {"supported": False},
        "filter": {"supported": True, "maxResults": 100},
        "changePassword": {"supported": False},
        "sort": {"supported": True},
        "etag": {"supported": False},
        "authenticationSchemes": [],
    }
    provider = ScimProvider(
        models=[model("User", USER), model("Group", GROUP)],
        config=ServiceProviderConfig.model_validate(config),
    )
    http = httpx2.Client(base_url=base, headers={"Authorization": f"Bearer {token}"})
    results = check_server(Client(http, provider=provider))
    expected = {row[1:]: 0 for row in DEPARTURES if level in row[0]}
    surprises = []
    for result in results:
        if result.status in WELL:
            continue
        reason = result.reason or ""
        for row in expected:
            resource, title, part, _ = row
            if (resource, title) == (result.resource_type, result.title) and part in reason:
                expected[row] += 1
                break
        else:
            surprises.append(f"{result.resource_type} {result.title}: {reason}")
    gone = [f"{row[0]} {row[1]} {row[2]} is as in the RFC now (facts/databricks {row[3]})" for row, seen in expected.items() if not seen]
    print(f"{sum(result.status in WELL for result in results)} of {len(results)} as in the RFC, {sum(expected.values())} as Databricks")
    for line in surprises + gone:
        print(line, file=sys.stderr)
    return 1 if surprises or gone else 0


if __name__ == "__main__":
    sys.exit(main())
