import type { Notice } from "../core/state";
import type { PageContext, Part } from "./context";
import { h, setText } from "./dom";

/** Stands in front of everything while the server wants a token. */
export function login({ session }: Pick<PageContext, "session">): Part {
  const field = h("input", {
    type: "password", "aria-label": "Token or password", autocomplete: "current-password", required: true,
  });
  const problem = h("p", { class: "problem", role: "alert" });
  const enter = h("button", { type: "submit", class: "button primary", text: "Open" });
  const element = h("div", { class: "login", hidden: true },
    h("form", {
      on: {
        submit: async (event) => {
          event.preventDefault();
          enter.disabled = true;
          await session.login(field.value);
          enter.disabled = false;
        },
      },
    }, h("span", { class: "brand large", "aria-hidden": "true" }), h("h1", { text: "extremecut" }),
      h("p", { class: "hint", text: "The server shows its token where it was started." }), field, problem, enter));
  /** What was said about the work before: it is no answer to a token. */
  let old: Notice | null = null;
  return {
    element,
    update: (state, before) => {
      const locked = state.phase === "locked";
      const begins = locked && before?.phase !== "locked";
      if (begins) old = state.notice;
      element.hidden = !locked;
      setText(problem, locked && state.notice !== old ? state.notice?.text ?? "" : "");
      if (begins) field.focus();
      if (state.phase === "ready" && field.value) field.value = "";
    },
  };
}
