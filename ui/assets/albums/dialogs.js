// @ts-check
// A sheet that asks for a name, and a button that asks whether one is sure.
import { el, fill, icon } from "../dom.js";
import { t } from "../i18n.js";

const LONGEST_NAME = 100;

/**
 * A button that asks once whether one is sure, before it acts.
 * @param {string} label
 * @param {string} sure
 * @param {() => void} act
 * @param {string} [look]
 */
export function sureButton(label, sure, act, look = "small-button") {
  const calm = () => {
    button.classList.remove("primary");
    fill(button, label);
  };
  const button = el("button", {
    class: look, type: "button", onblur: calm, onclick: () => {
      if (button.classList.contains("primary")) act();
      else {
        button.classList.add("primary");
        fill(button, sure);
      }
    },
  }, label);
  return button;
}

export class NameDialog {
  constructor() {
    this.title = el("h2", { id: "name-title" });
    this.hint = el("p", { class: "quiet" });
    this.field = el("input", {
      class: "name-field", type: "text", maxlength: LONGEST_NAME, autocomplete: "off",
      "aria-labelledby": "name-title",
    });
    this.trouble = el("p", { class: "sheet-status", role: "alert" });
    this.save = el("button", { class: "button primary", type: "submit" });
    const close = () => this.dialog.close();
    this.dialog = el("dialog", { class: "sheet name-dialog", "aria-labelledby": "name-title" },
      el("form", {
        class: "sheet-inside", method: "dialog",
        onsubmit: (/** @type {Event} */ event) => this.#submit(event),
      },
      el("header", {}, this.title, el("button", {
        class: "icon-button", type: "button", "aria-label": t("Close"), onclick: close,
      }, icon("close", 20))),
      this.hint, this.field, this.trouble,
      el("div", { class: "sheet-actions" },
        el("button", { class: "button", type: "button", onclick: close }, t("Cancel")), this.save)));
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog) close(); // beside the sheet
    });
    document.body.append(this.dialog);
    /** @type {(name: string) => Promise<void>} */
    this.work = async () => {};
  }

  /**
   * @param {{title: string, save: string, name?: string, hint?: string}} texts
   * @param {(name: string) => Promise<void>} work what fails keeps the sheet open
   */
  open({ title, save, name = "", hint = "" }, work) {
    this.work = work;
    fill(this.title, title);
    fill(this.save, save);
    fill(this.hint, hint);
    fill(this.trouble);
    this.field.hidden = false;
    this.field.value = name.slice(0, LONGEST_NAME);
    this.dialog.showModal();
    this.field.focus();
    this.field.select();
  }

  /**
   * Only whether one is sure.
   * @param {{title: string, yes: string, hint: string}} texts
   * @param {() => Promise<void>} work
   */
  sure({ title, yes, hint }, work) {
    this.open({ title, save: yes, hint }, work);
    this.field.hidden = true;
    this.save.focus();
  }

  /** @param {Event} event */
  async #submit(event) {
    event.preventDefault();
    const name = this.field.value.trim();
    if (!name && !this.field.hidden) {
      fill(this.trouble, t("An album needs a name."));
      this.field.focus();
      return;
    }
    this.save.disabled = true;
    try {
      await this.work(name);
      this.dialog.close();
    } catch (error) {
      fill(this.trouble, /** @type {Error} */ (error).message);
      this.field.focus();
    } finally {
      this.save.disabled = false;
    }
  }
}
