"""Serves scim2-server, a SCIM server written by other people, where Databricks has its account SCIM.

Reads the account id and the one token it accepts from the environment, so that the token stands in no process list.
Prints the origin it listens on as one line, then serves until it is ended.
"""

import os
import sys
from wsgiref.simple_server import WSGIRequestHandler, make_server

from scim2_models import ScimProvider
from scim2_server.memory import InMemoryStorage
from scim2_server.testserver.application import BEARER_TOKEN_SCHEME, BearerTokenApplication
from scim2_server.testserver.cli import ThreadingWSGIServer
from scim2_server.utils import (
    load_default_resource_types,
    load_default_schemas,
    load_default_service_provider_config,
)

def scim_application(token):
    """scim2-server and nobody in it yet, accepting this token alone."""
    config = load_default_service_provider_config()
    config.authentication_schemes = [*(config.authentication_schemes or []), BEARER_TOKEN_SCHEME]
    provider = ScimProvider.from_discovery(
        load_default_schemas().values(), load_default_resource_types().values(), config=config
    )
    return BearerTokenApplication(InMemoryStorage(), provider, bearer_tokens=[token])


def mounted(application, prefix):
    """The application under a path, as a WSGI server mounts it."""

    def serve(environ, start_response):
        path = environ.get("PATH_INFO", "")
        if not path.startswith(prefix + "/"):
            start_response("404 Not Found", [("Content-Type", "text/plain")])
            return [b"nothing here"]
        environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
        environ["PATH_INFO"] = path.removeprefix(prefix)
        return application(environ, start_response)

    return serve


class Quiet(WSGIRequestHandler):
    """Writes no access log."""

    def log_message(self, *_):
        pass


def main():
    account = os.environ["SCIM_ACCOUNT_ID"]
    application = scim_application(os.environ["SCIM_BEARER_TOKEN"])
    # The server answers under /v2 by itself.
    prefix = f"/api/2.1/accounts/{account}/scim"
    with make_server(
        "127.0.0.1", 0, mounted(application, prefix), ThreadingWSGIServer, Quiet
    ) as server:
        print(f"http://127.0.0.1:{server.server_port}", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    sys.exit(main())
