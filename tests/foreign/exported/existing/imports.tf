# What exists already, taken into the state by the next apply instead of being made a second time. After that
# this file can go.
# The synchronization secrets cannot be imported: the provider has no way.

import {
  to = azuread_application_from_template.connector
  id = join("", ["/applicationTemplates/9c9818d2-2900-49e8-8ba4-22688be7c675/instantiate/", data.azuread_application.connector.object_id, "/aaaaaaaa-0000-4000-8000-000000000001"])
}

import {
  to = azuread_service_principal.connector
  id = "/servicePrincipals/aaaaaaaa-0000-4000-8000-000000000001"
}

import {
  to = azuread_synchronization_job.connector
  id = "/servicePrincipals/aaaaaaaa-0000-4000-8000-000000000001/synchronization/jobs/dataBricks.t.j"
}

import {
  to = azuread_app_role_assignment.assigned["g1"]
  id = "aaaaaaaa-0000-4000-8000-000000000001/appRoleAssignment/assignment-g1"
}

import {
  to = azuread_app_role_assignment.assigned["g2"]
  id = "aaaaaaaa-0000-4000-8000-000000000001/appRoleAssignment/assignment-g2"
}
