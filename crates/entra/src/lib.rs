//! Sign-in to Microsoft Entra and the Microsoft Graph endpoints Usher calls.
//!
//! [`signin`] gives a [`SignedIn`](signin::SignedIn), [`graph`] is what can be asked with it, and [`render`](mod@render) turns a
//! plan's intent into its exact call: one rendering for the plan's view and for sending.

pub mod graph;
pub mod render;
pub mod signin;
