//! The provisioning service between the two sides: it pushes SCIM with the stored address and token, as Entra does.
