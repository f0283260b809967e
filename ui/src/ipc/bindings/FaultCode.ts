// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * A fault code. Codes are stable: they stand in answers, exports, tests and links.
 */
export type FaultCode = "url-empty" | "url-unparsable" | "url-not-https" | "url-has-credentials" | "url-browser-page" | "url-wrong-path" | "url-kind-mismatch" | "url-account-id" | "url-foreign-host" | "token-empty" | "token-malformed" | "token-kind-mismatch" | "name-not-found" | "connect-refused" | "connect-timeout" | "proxy-refused" | "proxy-auth" | "tls-untrusted" | "tls-name-mismatch" | "tls-expired" | "connection-cut" | "timeout" | "private-link" | "login-page" | "token-rejected" | "ip-blocked" | "not-admin" | "forbidden" | "not-found" | "rate-limited" | "server-error" | "unexpected-status" | "not-scim" | "body-truncated" | "body-too-large" | "filter-refused" | "filter-ignored" | "token-not-checked";
