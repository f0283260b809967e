// Made by `cargo xtask bindings`; changed in Rust, not here.

/**
 * What a person does with a device code.
 */
export type DevicePrompt = { 
/**
 * The code to type.
 */
userCode: string, 
/**
 * The page to type it on.
 */
verificationUrl: string, 
/**
 * For how many seconds the code is valid.
 */
expiresInSeconds: number, };
