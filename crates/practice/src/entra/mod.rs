//! Entra's side: sign-in and Microsoft Graph.
