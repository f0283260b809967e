// Made by `cargo xtask bindings`; changed in Rust, not here.
import type { AimAnswer } from "./AimAnswer";

/**
 * The question, and what follows from each answer.
 */
export type AimQuestion = { 
/**
 * The question behind it.
 */
title: string, 
/**
 * What automatic identity management is.
 */
body: string, 
/**
 * What is asked.
 */
question: string, 
/**
 * The answers.
 */
answers: Array<AimAnswer>, };
