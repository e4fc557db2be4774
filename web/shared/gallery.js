/** The living page of all shared components: what they look like, and how they are written. */
import { html, render } from "../vendor/lit.js";
import { day, dueText, maskName, maskPhone, when } from "./format.js";
import { loadTexts, t } from "./i18n.js";
import { ICONS } from "./icons.js";
import { Composition, isSendKey, shortcuts, showKeys } from "./keys.js";
import "./shell.js";
import { askChoice, askText, busy, confirmDialog, toast } from "./ui.js";

const NOW = Date.parse("2026-11-23T14:05:00+08:00");
const hours = (/** @type {number} */ count) => NOW + count * 3_600_000;

const LIGHTS = [
  { light: "green", due: hours(98), workingDays: 4 },
  { light: "yellow", due: hours(22), workingDays: 1 },
  { light: "orange", due: hours(205 / 60) },
  { light: "red", due: hours(-3.2) },
  { light: "none", due: null, paused: true },
];

const TICKETS = [
  { number: "GD-2611-000318", title: "路灯连续三晚不亮", type: "HELP", state: "IN_PROGRESS", channel: "wechat", ...LIGHTS[0] },
  { number: "GD-2611-000307", title: "小区门口夜间施工噪音", type: "COMPLAINT", state: "ACCEPTED", channel: "phone", ...LIGHTS[1] },
  { number: "GD-2611-000295", title: "公交站牌信息有误，线路已调整", type: "REPORT", state: "DISPATCHED", channel: "web", ...LIGHTS[2] },
  { number: "GD-2611-000241", title: "人行道井盖松动", type: "HELP", state: "REHANDLE", channel: "kiosk", ...LIGHTS[3] },
];

const section = (/** @type {string} */ title, /** @type {unknown} */ body) =>
  html`<section class="stack"><h2>${title}</h2>${body}</section>`;

const light = (/** @type {typeof LIGHTS[number]} */ one) =>
  html`<x-light light=${one.light} text=${dueText(one.due, { ...one, now: NOW })}></x-light>`;

const head = () => html`<header class="stack stack--s">
  <p class="faint">web/shared · ${day(NOW, NOW)}</p>
  <h1>组件总览</h1>
  <p class="lead">一个号码，一张工作台。所有页面共用同一套颜色、字号和组件。</p>
</header>`;

const stats = () => html`<div class="grid grid--tiles">
  ${[["今日受理", "1,284"], ["待派单", "17"], ["临近期限", "42"], ["满意率", "96.3%"]].map(
    ([text, value]) => html`<div class="card card--tight stat"><span class="stat__label">${text}</span>
      <span class="stat__value">${value}</span></div>`,
  )}
</div>`;

const buttons = () => html`<div class="card stack">
  <div class="btn-row">
    <button class="btn btn--primary"><x-icon name="send"></x-icon>发送答复</button>
    <button class="btn">暂存</button>
    <button class="btn btn--soft"><x-icon name="plus"></x-icon>转为工单</button>
    <button class="btn btn--quiet">更多</button>
    <button class="btn btn--danger">撤回诉求</button>
    <button class="btn" disabled>不可用</button>
    <button class="btn btn--primary" aria-busy="true">处理中</button>
    <button class="btn btn--icon" aria-label="搜索"><x-icon name="search"></x-icon></button>
  </div>
  <div class="btn-row">
    <button class="btn btn--small" @click=${() => toast("已保存草稿", { kind: "good", action: { text: t("common.undo"), run: () => {} } })}>轻提示</button>
    <button class="btn btn--small" @click=${() => toast("网络不畅，请稍后重试", { kind: "bad" })}>错误提示</button>
    <button class="btn btn--small" @click=${() => confirmDialog({ title: "撤回这件诉求？", text: "撤回后承办单位将停止办理。", confirm: "撤回", danger: true })}>确认框</button>
    <button class="btn btn--small" @click=${() => askText({ title: "申请退单", label: "退单理由" })}>填写理由</button>
    <button class="btn btn--small" @click=${() => askChoice({ title: "选择去向", choices: [{ value: "a", text: "市城管局" }, { value: "b", text: "镇街" }] })}>单选</button>
    <button class="btn btn--small" @click=${(/** @type {Event} */ event) => busy(event, () => new Promise((done) => setTimeout(done, 1200)))}>忙碌</button>
    <button class="btn btn--small" @click=${showKeys}>快捷键 <kbd>?</kbd></button>
  </div>
  <div class="choices" role="group" aria-label="快捷回复">
    <button class="choice">问政策</button><button class="choice" aria-pressed="true">反映问题</button>
    <button class="choice">查进度</button><button class="choice">转人工</button>
  </div>
</div>`;

const form = () => html`<form class="card stack" @submit=${(/** @type {Event} */ event) => event.preventDefault()}>
  <div class="field"><label for="what">反映什么事 <span class="required">*</span></label>
    <textarea class="textarea" id="what" placeholder="请说说发生了什么"></textarea>
    <p class="field__hint">请不要填写身份证号、银行卡号。</p></div>
  <div class="grid grid--2">
    <div class="field"><label for="where">在什么地方</label><input class="input" id="where" value="东华路 12 号门前" /></div>
    <div class="field"><label for="phone">联系电话</label>
      <input class="input" id="phone" inputmode="tel" value="1380000" aria-invalid="true" aria-describedby="phone-error" />
      <p class="field__error" id="phone-error"><x-icon name="alert"></x-icon>手机号码应为 11 位数字</p></div>
  </div>
  <div class="grid grid--2">
    <div class="field"><label for="type">类别</label>
      <select class="select" id="type"><option>${t("type.HELP")}</option><option>${t("type.COMPLAINT")}</option></select></div>
    <div class="field"><span class="label">搜索</span>
      <div class="search"><x-icon name="search"></x-icon><input class="input" type="search" placeholder="编号、标题" aria-label="搜索" /></div></div>
  </div>
  <label class="check"><input type="checkbox" checked />同意承办单位联系我</label>
</form>`;

const table = () => html`<div class="card card--flush">
  <div class="card__head"><h3>待办工单</h3>
    <span class="segments"><button class="segment" aria-pressed="true">按期限</button><button class="segment" aria-pressed="false">按时间</button></span></div>
  <x-tabs label="队列" selected="mine" .tabs=${[{ id: "mine", text: "我的", count: 4 }, { id: "due", text: "临期", count: 2, urgent: true }, { id: "done", text: "已办" }]}></x-tabs>
  <div class="table-wrap"><table class="table">
    <thead><tr><th>编号</th><th>事项</th><th class="only-wide">类别</th><th class="only-wide">状态</th><th>期限</th></tr></thead>
    <tbody>${TICKETS.map((one, at) => html`<tr aria-selected=${at === 1}>
      <td class="number nowrap only-wide">${one.number}</td><td class="number nowrap only-phone">${one.number.slice(-6)}</td><td class="wide">${one.title}</td>
      <td class="only-wide">${t(`type.${one.type}`)}</td>
      <td class="only-wide"><span class="badge badge--primary">${t(`state.${one.state}`)}</span></td><td>${light(one)}</td></tr>`)}</tbody>
  </table></div>
</div>`;

const badges = () => html`<div class="card stack">
  <div class="row">${LIGHTS.map(light)}</div>
  <div class="row">${["", "primary", "green", "yellow", "orange", "red", "blue"].map(
    (kind) => html`<span class="badge ${kind ? `badge--${kind}` : ""}">${kind || "普通"}</span>`)}
    <span class="count">8</span><span class="count count--urgent">12</span></div>
  <dl class="facts"><dt>诉求人</dt><dd>${maskName("陈小明")} · ${maskPhone("13812345678")}</dd>
    <dt>登记时间</dt><dd>${when(NOW, NOW)}</dd><dt>承办电话</dt><dd>${t("common.unverified")}</dd></dl>
  <div class="notice"><x-icon name="info"></x-icon><p>原承办单位继续办理，退单结果出来前期限不变。</p></div>
  <div class="notice notice--yellow"><x-icon name="clock"></x-icon><p>此工单将于今天 17:30 到期。</p></div>
</div>`;

const bubble = (/** @type {string} */ kind, /** @type {string} */ who, /** @type {unknown} */ text) =>
  html`<div class="msg ${kind}"><span class="msg__who">${who} · 14:02</span><div class="msg__bubble">${text}</div></div>`;

const entering = new Composition();

/** @param {KeyboardEvent} event */
function onEnter(event) {
  if (!isSendKey(event, entering)) return;
  event.preventDefault();
  toast("已发送", { kind: "good" });
}

const thread = () => html`<div class="card card--flush">
  <div class="thread">
    <span class="thread__mark">今天 14:01 通过微信进入</span>
    ${bubble("", "市民", "居住证到期了怎么续？")}
    ${bubble("msg--bot", "智能客服", html`可以在居住地的受理点办理签注，请带本人身份证明。<div class="msg__source">来源：办事指南《居住证签注》</div>`)}
    ${bubble("msg--note", "内部备注", "已电话核对，市民希望周末办理。")}
    ${bubble("msg--own", "坐席", "您好，周六上午大厅照常开放，您可以在线预约。")}
    <div class="msg msg--bot"><div class="msg__bubble"><span class="typing" role="img" aria-label="正在输入"><i></i><i></i><i></i></span></div></div>
  </div>
  <div class="composer"><button class="btn btn--icon btn--quiet" aria-label="附件"><x-icon name="clip"></x-icon></button>
    <textarea class="textarea" rows="1" id="compose" aria-label="回复" placeholder="输入回复，Enter 发送" @keydown=${onEnter}></textarea>
    <button class="btn btn--primary"><x-icon name="send"></x-icon><span class="only-wide">发送</span></button></div>
</div>`;

const way = () => html`<div class="card stack stack--l">
  <ol class="steps" role="list">${["已收到", "已交办", "办理中", "已答复", "请评价"].map((text, at) =>
    html`<li class="step ${at < 2 ? "step--done" : at === 2 ? "step--now" : ""}"><span class="step__dot">${at < 2 ? html`<x-icon name="check"></x-icon>` : at + 1}</span>${text}</li>`)}</ol>
  <ol class="timeline">
    <li class="timeline__item timeline__item--done"><p class="strong">已交承办单位</p><p class="faint">11月22日 09:20</p></li>
    <li class="timeline__item timeline__item--now"><p class="strong">办理中</p><p>维修人员已到现场查看，正在更换灯头。</p><p class="faint">今天 10:15</p></li>
    <li class="timeline__item"><p class="muted">答复</p></li>
  </ol></div>`;

const states = () => html`<div class="grid">
  <div class="card"><x-empty icon="inbox" heading="暂无待办工单" text="新派来的工单会出现在这里。"><button class="btn btn--soft btn--small">查看已办</button></x-empty></div>
  <div class="card stack" aria-busy="true"><span class="skeleton skeleton--title"></span><span class="skeleton"></span><span class="skeleton"></span><span class="skeleton skeleton--short"></span></div>
  <button class="card"><h3>查询办理进度</h3><p class="muted">凭编号和查询码，随时查看。</p></button>
</div>`;

const icons = () => html`<div class="card row">${ICONS.map((name) => html`<span class="badge"><x-icon name=${name}></x-icon>${name}</span>`)}</div>`;

const citizen = () => html`<div class="card card--flush"><x-citizen-bar page="home"></x-citizen-bar></div>`;

await loadTexts();
document.title = `组件总览 · ${t("product.full")}`;
const main = /** @type {HTMLElement} */ (document.querySelector("main"));
render(
  [
    head(), stats(), section("工单与期限", table()), section("对话", thread()), section("办理进程", way()),
    section("按钮与选择", buttons()), section("表单", form()), section("标记", badges()),
    section("空、加载与入口", states()), section("市民端顶栏", citizen()), section("图标", icons()),
  ],
  main,
);
entering.watch(/** @type {HTMLElement} */ (document.querySelector("#compose")));
shortcuts([{ keys: "alt+t", text: "look.theme", run: () => toast("Alt + T") }]);
Object.assign(/** @type {HTMLElement} */ (document.querySelector("x-shell")), {
  me: { name: "李敏", roles: ["agent", "shift_lead"] },
});
window.dispatchEvent(new CustomEvent("hotline:line", { detail: "open" }));
