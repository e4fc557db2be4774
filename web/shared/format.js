/** Dates, due lights and masked personal data as people read them; all times are the city's (Asia/Shanghai). */
import { t } from "./i18n.js";
import { language } from "./theme.js";

const ZONE = "Asia/Shanghai";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const parts = new Intl.DateTimeFormat("en-CA", {
  timeZone: ZONE, year: "numeric", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});

/** @typedef {Date | string | number} Moment ISO text, epoch milliseconds or a Date */

/** @param {Moment} moment */
function calendar(moment) {
  const found = Object.fromEntries(parts.formatToParts(new Date(moment)).map((part) => [part.type, part.value]));
  const day = Date.UTC(Number(found.year), Number(found.month) - 1, Number(found.day)) / DAY;
  return { year: found.year, month: Number(found.month), date: Number(found.day), day, time: `${found.hour}:${found.minute}` };
}

/** "14:05" @param {Moment} moment */
export function timeOfDay(moment) {
  return calendar(moment).time;
}

/** "11月23日", with the year where it is another one. @param {Moment} moment @param {Moment} [now] */
export function day(moment, now = Date.now()) {
  const then = calendar(moment);
  const params = { year: then.year, month: then.month, date: then.date };
  return then.year === calendar(now).year ? t("time.day", params) : t("time.dayWithYear", params);
}

/** "今天 14:05", "昨天 14:05", "11月23日 14:05", "2025年11月23日 14:05". @param {Moment} moment @param {Moment} [now] */
export function when(moment, now = Date.now()) {
  const then = calendar(moment);
  const distance = then.day - calendar(now).day;
  const near = { "-1": "time.yesterday", 0: "time.today", 1: "time.tomorrow" }[String(distance)];
  return `${near ? t(near) : day(moment, now)} ${then.time}`;
}

/** "刚刚", "5 分钟前", "3 小时前", then the date. @param {Moment} moment @param {Moment} [now] */
export function ago(moment, now = Date.now()) {
  const past = Number(new Date(now)) - Number(new Date(moment));
  if (past < MINUTE) return t("time.justNow");
  if (past < HOUR) return t("time.minutesAgo", { count: Math.floor(past / MINUTE) });
  if (past < 12 * HOUR) return t("time.hoursAgo", { count: Math.floor(past / HOUR) });
  return when(moment, now);
}

/** "25 分钟", "3 小时", "2 天" — the largest unit, rounded down, at least one minute. @param {number} ms */
export function span(ms) {
  const length = Math.max(Math.abs(ms), MINUTE);
  if (length < HOUR) return t("time.minutes", { count: Math.floor(length / MINUTE) });
  if (length < DAY) return t("time.hours", { count: Math.floor(length / HOUR) });
  return t("time.days", { count: Math.floor(length / DAY) });
}

/** The words beside a due light: "已超期 3 小时", "还剩 25 分钟", "今天 17:30 到期", "还剩 2 个工作日".
 * Working days are counted by the server, which knows the calendar.
 * @param {Moment | null | undefined} due @param {{workingDays?: number | null, paused?: boolean, now?: Moment}} [more] */
export function dueText(due, { workingDays = null, paused = false, now = Date.now() } = {}) {
  if (paused) return t("due.paused");
  if (due === null || due === undefined) return t("due.none");
  const left = Number(new Date(due)) - Number(new Date(now));
  if (left < 0) return t("due.over", { span: span(left) });
  if (left < HOUR) return t("due.left", { span: span(left) });
  if (calendar(due).day === calendar(now).day) return t("due.today", { time: timeOfDay(due) });
  if (workingDays !== null && workingDays > 0) return t("due.workingDays", { count: workingDays });
  return t("due.by", { when: when(due, now) });
}

/** "138****5678"; short or foreign numbers keep their last two digits. @param {string} phone */
export function maskPhone(phone) {
  const digits = phone.replace(/[\s-]/g, "");
  if (/^1\d{10}$/.test(digits)) return `${digits.slice(0, 3)}****${digits.slice(7)}`;
  return digits.length < 5 ? "*".repeat(digits.length) : "*".repeat(digits.length - 2) + digits.slice(-2);
}

/** "张**" @param {string} name */
export function maskName(name) {
  const letters = [...name.trim()];
  return letters.length ? letters[0] + "*".repeat(Math.min(letters.length - 1, 2)) : "";
}

/** First and last character of an identity number. @param {string} id */
export function maskId(id) {
  return id.length < 6 ? "*".repeat(id.length) : id[0] + "*".repeat(id.length - 2) + id.slice(-1);
}

/** "1.2 MB" @param {number} bytes */
export function fileSize(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  const kilo = bytes / 1024;
  return kilo < 1024 ? `${Math.round(kilo)} KB` : `${(kilo / 1024).toFixed(1)} MB`;
}

/** "12,345" @param {number} value */
export function count(value) {
  return new Intl.NumberFormat(language()).format(value);
}

/** A count the server stops at `most`: from there on it says no more than that there are more. @param {number} many @param {number} most */
export function counted(many, most) {
  return many < most ? String(many) : `${most - 1}+`;
}
