"""Sets up a connector on a practice tenant with msgraph-sdk, which other people wrote: from the gallery to people arriving.

Usage: msgraph_walk.py PRACTICE_JSON

PRACTICE_JSON is the document that `usher practice` prints, of a scenario without a connector. Prints one line a step and ends with 1
when an answer is not what the SDK's types or the step before it promise. The mappings are not changed: the SDK sends PATCH there,
and the service takes PUT.
"""

import argparse
import asyncio
import json
import sys
import time
import urllib.parse
import urllib.request

from kiota_abstractions.authentication import AccessTokenProvider, AllowedHostsValidator, BaseBearerTokenAuthenticationProvider
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.application_templates.application_templates_request_builder import ApplicationTemplatesRequestBuilder
from msgraph.generated.application_templates.item.instantiate.instantiate_post_request_body import InstantiatePostRequestBody
from msgraph.generated.groups.groups_request_builder import GroupsRequestBuilder
from msgraph.generated.groups.item.members.graph_user.graph_user_request_builder import GraphUserRequestBuilder
from msgraph.generated.models.app_role_assignment import AppRoleAssignment
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.service_principal import ServicePrincipal
from msgraph.generated.models.synchronization_job import SynchronizationJob
from msgraph.generated.models.synchronization_secret import SynchronizationSecret
from msgraph.generated.models.synchronization_secret_key_string_value_pair import SynchronizationSecretKeyStringValuePair
from msgraph.generated.service_principals.item.synchronization.jobs.item.validate_credentials.validate_credentials_post_request_body import (
    ValidateCredentialsPostRequestBody,
)
from msgraph.generated.service_principals.item.synchronization.secrets.secrets_put_request_body import SecretsPutRequestBody

GALLERY_NAME = "Azure Databricks SCIM Provisioning Connector"
PATIENCE = 60


class PlainToken(AccessTokenProvider):
    """An access token that is there already; the SDK's own credentials accept https alone."""

    def __init__(self, token):
        self.token = token

    async def get_authorization_token(self, uri, additional_authentication_context=None):
        return self.token

    def get_allowed_hosts_validator(self):
        return AllowedHostsValidator(["127.0.0.1"])


def sign_in(practice):
    """An access token of the practice application."""
    form = {
        "grant_type": "client_credentials",
        "client_id": practice["clientId"],
        "client_secret": practice["clientSecret"],
        "scope": "https://graph.microsoft.com/.default",
    }
    address = f"{practice['endpoints']['login']}/{practice['tenantId']}/oauth2/v2.0/token"
    request = urllib.request.Request(address, data=urllib.parse.urlencode(form).encode())
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
        return json.load(answer)["access_token"]


def expect(what, found, wanted):
    """Prints a step, and ends the walk when it did not go as promised."""
    print(what, found, flush=True)
    if found != wanted:
        raise SystemExit(f"{what}: {found!r} instead of {wanted!r}")


def secret(key, value):
    """A saved secret as the SDK has it."""
    return SynchronizationSecretKeyStringValuePair(key=key, value=value)


async def make(graph, practice):
    """Gallery, application, credentials and job; returns the service principal's id and its synchronization."""
    query = ApplicationTemplatesRequestBuilder.ApplicationTemplatesRequestBuilderGetQueryParameters(filter=f"displayName eq '{GALLERY_NAME}'")
    templates = await graph.application_templates.get(RequestConfiguration(query_parameters=query))
    expect("templates", [template.display_name for template in templates.value], [GALLERY_NAME])
    body = InstantiatePostRequestBody(display_name="Made by the SDK")
    made = await graph.application_templates.by_application_template_id(templates.value[0].id).instantiate.post(body)
    expect("created", made.service_principal.display_name, "Made by the SDK")
    principal = graph.service_principals.by_service_principal_id(made.service_principal.id)
    expect("assignment required at first", made.service_principal.app_role_assignment_required, True)
    await principal.patch(ServicePrincipal(app_role_assignment_required=False))
    expect("assignment required", (await principal.get()).app_role_assignment_required, False)
    synchronization = principal.synchronization
    templates = await synchronization.templates.get()
    expect("synchronization templates", [template.id for template in templates.value], ["dataBricks"])

    job = await synchronization.jobs.post(SynchronizationJob(template_id="dataBricks"))
    expect("job", job.schedule.state.value, "Disabled")
    pairs = [
        secret(SynchronizationSecret.BaseAddress, practice["scimUrl"]),
        secret(SynchronizationSecret.SecretToken, practice["scimToken"]),
    ]
    await synchronization.secrets.put(SecretsPutRequestBody(value=pairs))
    print("secrets saved", flush=True)
    job = synchronization.jobs.by_synchronization_job_id(job.id)
    await job.validate_credentials.post(ValidateCredentialsPostRequestBody(use_saved_credentials=True))
    print("test connection passed", flush=True)
    wrong = [pairs[0], secret(SynchronizationSecret.SecretToken, "dsapi" + "0" * 32)]
    try:
        await job.validate_credentials.post(ValidateCredentialsPostRequestBody(template_id="dataBricks", credentials=wrong))
        raise SystemExit("a wrong token passed the test connection")
    except ODataError as error:
        expect("test connection with a wrong token", error.error.code, "CredentialValidationUnavailable")
    return principal, made.service_principal, job


async def assign(graph, principal, made):
    """Assigns the group of everyone with the application's own role; returns how many people are in it."""
    query = GroupsRequestBuilder.GroupsRequestBuilderGetQueryParameters(filter="displayName eq 'databricks-users'")
    groups = await graph.groups.get(RequestConfiguration(query_parameters=query))
    group = groups.value[0]
    expect("group", group.display_name, "databricks-users")
    wanted = AppRoleAssignment(principal_id=group.id, resource_id=made.id, app_role_id=made.app_roles[0].id)
    assigned = await principal.app_role_assigned_to.post(wanted)
    expect("assigned", (assigned.principal_type, assigned.principal_display_name), ("Group", "databricks-users"))
    try:
        await principal.app_role_assigned_to.post(wanted)
        raise SystemExit("the same assignment was accepted twice")
    except ODataError as error:
        expect("assigned twice", error.response_status_code, 400)
    query = GraphUserRequestBuilder.GraphUserRequestBuilderGetQueryParameters(count=True, top=10)
    configuration = RequestConfiguration(query_parameters=query)
    configuration.headers.add("ConsistencyLevel", "eventual")
    members = graph.groups.by_group_id(group.id).members.graph_user
    page = await members.get(configuration)
    people, total = list(page.value), page.odata_count
    while page.odata_next_link:
        # The header belongs to every page, and the link alone does not carry it.
        following = RequestConfiguration()
        following.headers.add("ConsistencyLevel", "eventual")
        page = await members.with_url(page.odata_next_link).get(following)
        people.extend(page.value)
    expect("people in the group", len(people), total)
    return total


async def walk(practice):
    """The whole way."""
    adapter = GraphRequestAdapter(BaseBearerTokenAuthenticationProvider(PlainToken(sign_in(practice))))
    adapter.base_url = f"{practice['endpoints']['graph']}/v1.0"
    graph = GraphServiceClient(request_adapter=adapter)
    principal, made, job = await make(graph, practice)
    people = await assign(graph, principal, made)
    await job.start.post()
    print("started", flush=True)
    until = time.monotonic() + PATIENCE
    while True:
        seen = await job.get()
        if seen.status.last_successful_execution and not seen.status.progress:
            break
        if time.monotonic() > until:
            raise SystemExit("the first cycle did not end")
        await asyncio.sleep(0.1)
    expect("status", (seen.status.code.value, seen.status.last_execution.state.value), ("Active", "Succeeded"))
    counts = {row.key: row.value for row in seen.status.synchronized_entry_count_by_type}
    expect("arrived", counts, {"Group": 1, "User": people})
    events = await graph.audit_logs.provisioning.get()
    expect("log lines", len([event for event in events.value if event.provisioning_action.value == "create"]), people + 1)
    await job.pause.post()
    expect("paused", (await job.get()).schedule.state.value, "Paused")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("practice", help="the document that usher practice prints")
    with open(parser.parse_args().practice, encoding="utf-8") as file:
        practice = json.load(file)
    asyncio.run(walk(practice))


if __name__ == "__main__":
    sys.exit(main())
