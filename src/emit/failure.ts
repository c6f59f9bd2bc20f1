/** An emitted module that does not do what the equations say: it is never written. */
export class VerificationFailure extends Error {}
