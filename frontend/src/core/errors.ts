/** What can come back from the server instead of an answer. */

/** The sentence is the server's own, or says what went wrong on the way. */
export class ApiError extends Error {
  override readonly name: string = "ApiError";

  constructor(
    message: string,
    /** HTTP status; 0 when there was no answer. */
    readonly status: number,
    /** The server's word for the case, such as "superseded". */
    readonly code: string,
  ) {
    super(message);
  }
}

/** No answer, or one that says to come back later: the same request may be sent again. */
export class UnreachableError extends ApiError {
  override readonly name = "UnreachableError";
}

/** Someone else changed the image first. */
export class ConflictError extends ApiError {
  override readonly name = "ConflictError";

  constructor(
    message: string,
    readonly currentVersion: number | null,
  ) {
    super(message, 409, "conflict");
  }
}

/** A token is wanted. */
export class UnauthorizedError extends ApiError {
  override readonly name = "UnauthorizedError";
}

/** A newer request of the same stream took its place, or it was called off. */
export class SupersededError extends ApiError {
  override readonly name = "SupersededError";

  constructor() {
    super("A newer request took this one's place.", 0, "superseded");
  }
}

/**
 * To stand alone: it ends with a full stop and begins with a capital, unless it begins with a name
 * such as "cat.jpg".
 */
export function sentenceOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const begun = text.replace(/^[a-z]+(?=[ ,;:])/, (word) => word[0]!.toUpperCase() + word.slice(1));
  return begun === "" || /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
