//! Sign-in to Microsoft Entra and the Microsoft Graph endpoints Usher calls.
