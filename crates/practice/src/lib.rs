//! A tenant to practise on: Entra and Databricks on loopback, faults included. Shares no type with the clients.
