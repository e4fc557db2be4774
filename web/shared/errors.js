/** What went wrong in a call to the API, in words for a person. */
import { known, t } from "./i18n.js";

export class ApiError extends Error {
  /** @param {{status: number, code?: string, title?: string, detail?: string, fields?: Record<string, string>,
   *   current?: unknown, after?: number | null, reference?: string, extra?: Record<string, unknown>}} problem */
  constructor(problem) {
    super(problem.detail || problem.title || problem.code || String(problem.status));
    this.name = "ApiError";
    /** HTTP status; 0 where no answer came */
    this.status = problem.status;
    this.code = problem.code ?? "";
    this.title = problem.title ?? "";
    this.detail = problem.detail ?? "";
    /** field name → what is wrong with it (422) */
    this.fields = problem.fields ?? {};
    /** the present state (409) */
    this.current = problem.current ?? null;
    /** seconds to wait (429, 503) */
    this.after = problem.after ?? null;
    /** the number to name when asking for help (500) */
    this.reference = problem.reference ?? "";
    /** everything else the answer held */
    this.extra = problem.extra ?? {};
  }

  get offline() {
    return this.status === 0;
  }
}

/** One courteous line about any error, for a toast or beside a form.
 * @param {unknown} error @returns {string} */
export function sayError(error) {
  if (!(error instanceof ApiError)) return t("error.unexpected");
  if (error.detail || error.title) return error.detail || error.title;
  const key = `error.${error.code}`;
  if (known(key)) return t(key);
  const byStatus = `error.${error.status}`;
  return known(byStatus) ? t(byStatus) : t("error.unexpected");
}
