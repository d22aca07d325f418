/** One request and its answer as JSON, or one of the errors of errors.ts. */

import type { Clock } from "./clock";
import {
  ApiError,
  ConflictError,
  SupersededError,
  UnauthorizedError,
  UnreachableError,
} from "./errors";

export interface TransportPorts {
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  /** Before "/api/...": "" for the page's own server. */
  readonly origin: string;
  /** A request without an answer for so long counts as lost, in milliseconds. */
  readonly patienceMs: number;
}

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface RequestOptions {
  readonly json?: unknown;
  readonly body?: Blob;
  readonly signal?: AbortSignal | undefined;
  /** For work that takes longer than most. */
  readonly patienceMs?: number;
}

export type Send = (method: Method, path: string, options?: RequestOptions) => Promise<unknown>;

export function transport(ports: TransportPorts): Send {
  return async (method, path, options = {}) => {
    if (options.signal?.aborted) throw new SupersededError();
    const controller = new AbortController();
    const abort = (): void => controller.abort();
    options.signal?.addEventListener("abort", abort, { once: true });
    const stopWaiting = ports.clock.after(options.patienceMs ?? ports.patienceMs, abort);
    try {
      const response = await ports.fetch(ports.origin + path, {
        method,
        credentials: "same-origin",
        signal: controller.signal,
        ...bodyOf(options),
      });
      return await answerOf(response);
    } catch (error) {
      if (error instanceof ApiError) throw error;
      if (options.signal?.aborted) throw new SupersededError();
      throw new UnreachableError("The server does not answer.", 0, "unreachable");
    } finally {
      stopWaiting();
      options.signal?.removeEventListener("abort", abort);
    }
  };
}

function bodyOf({ json, body }: RequestOptions): RequestInit {
  if (body) return { body };
  if (json === undefined) return {};
  return { body: JSON.stringify(json), headers: { "Content-Type": "application/json" } };
}

async function answerOf(response: Response): Promise<unknown> {
  const text = await response.text();
  if (response.ok) return text ? (JSON.parse(text) as unknown) : null;
  throw refusal(response.status, text);
}

function refusal(status: number, text: string): ApiError {
  const { detail, code, currentVersion } = refusalFields(text);
  const sentence = detail ?? `The server answered ${status}.`;
  if (status === 401) return new UnauthorizedError(sentence, status, code ?? "login");
  if (status === 409 && code === "superseded") return new SupersededError();
  if (status === 409 && code === "conflict") return new ConflictError(sentence, currentVersion);
  // Busy, restarting, out of disk, stalled on the way, behind a proxy that lost it: the request is
  // not at fault.
  if ([408, 429, 502, 503, 504, 507].includes(status)) {
    return new UnreachableError(sentence, status, code ?? "unavailable");
  }
  return new ApiError(sentence, status, code ?? "refused");
}

interface RefusalFields {
  readonly detail: string | undefined;
  readonly code: string | undefined;
  readonly currentVersion: number | null;
}

function refusalFields(text: string): RefusalFields {
  let value: unknown = null;
  try {
    value = JSON.parse(text);
  } catch {
    // Not this server's own words: those of a proxy, say.
  }
  const fields = (typeof value === "object" && value !== null ? value : {}) as {
    readonly [name: string]: unknown;
  };
  const { detail, code, current_version: version } = fields;
  return {
    detail: typeof detail === "string" ? detail : undefined,
    code: typeof code === "string" ? code : undefined,
    currentVersion: typeof version === "number" ? version : null,
  };
}
