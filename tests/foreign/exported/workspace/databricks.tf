# The personal access token is not made here: a token that Terraform makes stands in its state. Generate it in
# the workspace, as an admin whom this connector does not manage.
# Users and groups of the connector are not declared here: Entra makes and changes them, and a second owner
# would fight it.
