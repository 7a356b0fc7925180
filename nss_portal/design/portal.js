// Comfort, never a condition: without this file every page does the same, with one more click here and there.
(() => {
  "use strict";

  // The summary of errors takes focus, so that a screen reader reads it and the keyboard goes on from there.
  document.querySelector(".error-summary")?.focus();

  // Menus close with Escape and with a click beside them.
  const menus = () => document.querySelectorAll("details.menu[open]");
  document.addEventListener("click", (event) => {
    for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // A form is sent once, however often its button is pressed.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) return void event.preventDefault();
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 5000);
  });
  addEventListener("pageshow", () => {
    for (const form of document.forms) delete form.dataset.sent;
  });

  // What is wrong the page says itself, in its own words and with everything in one list; browsers say it one by
  // one, in a language of their own. Fields of files keep theirs: they say at once that a file is too large.
  for (const form of document.forms) {
    if (form.method === "post" && !form.querySelector("input[data-max-bytes]")) form.noValidate = true;
  }

  // A file that is too large is named before it is sent.
  for (const field of document.querySelectorAll("input[type=file][data-max-bytes]")) {
    field.addEventListener("change", () => {
      const large = [...field.files].some((file) => file.size > Number(field.dataset.maxBytes));
      field.setCustomValidity(large ? field.dataset.tooLarge : "");
      field.reportValidity();
    });
  }

  // Typed text that is nowhere but on the screen is not left behind without a question.
  const unsaved = new Set();
  addEventListener("beforeunload", (event) => {
    if (unsaved.size) event.preventDefault();
  });
  for (const form of document.querySelectorAll("form[data-warn-unsaved], form[data-autosave]")) {
    form.addEventListener("input", () => unsaved.add(form));
    form.addEventListener("submit", () => unsaved.delete(form));
  }

  // A draft is saved by itself: the form is posted to its data-autosave address a moment after the last key.
  // The answer is {"saved_at": "09.12", "version": 4}; 409 brings {"message": "…"} when a colleague was first.
  for (const form of document.querySelectorAll("form[data-autosave]")) {
    const line = form.querySelector(".autosave");
    if (line) autosave(form, line);
  }

  function autosave(form, line) {
    let timer = 0;
    let running = false;
    let again = false;
    const say = (state, text) => {
      line.dataset.state = state;
      line.textContent = text;
    };
    async function save() {
      if (running) return void (again = true);
      running = true;
      renew(form);
      try {
        const answer = await fetch(form.dataset.autosave, {
          method: "POST",
          body: new FormData(form),
          headers: { Accept: "application/json", "X-Requested-With": "autosave" },
        });
        const data = await answer.json();
        if (answer.ok && data.saved_at) {
          if (!again) unsaved.delete(form);
          if (data.version && form.elements.version) form.elements.version.value = data.version;
          say("saved", line.dataset.saved.replace("{time}", data.saved_at));
        } else say("failed", data.message || line.dataset.failed);
      } catch {
        say("failed", line.dataset.failed);
        timer = setTimeout(save, 15000);
      }
      running = false;
      if (again) {
        again = false;
        save();
      }
    }
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(save, 1200);
    });
    form.addEventListener("submit", () => {
      clearTimeout(timer);
      renew(form);
    });
  }

  // What stands in a field to be taken elsewhere is copied with one press; the button says that it was.
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
      button.textContent = button.dataset.copied;
    });
  }

  // Who comments on a paragraph of which some words are selected, comments on those words.
  for (const link of document.querySelectorAll("[data-passages] a[data-comment]")) {
    const plain = link.href;
    link.addEventListener("pointerdown", () => {
      const words = getSelection();
      const inside = words.rangeCount && link.parentElement.contains(words.getRangeAt(0).commonAncestorContainer);
      const text = inside ? words.toString().trim() : "";
      link.href = text ? plain + "&passage=" + encodeURIComponent(text.slice(0, 1500)) : plain;
    });
  }

  // Who logs in again in another tab has another token against forged requests: the form takes it over.
  function renew(form) {
    const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    const field = form.elements.csrfmiddlewaretoken;
    if (cookie && field) field.value = cookie[1];
  }
})();
