// Passkeys: asks the browser for one, puts its answer in the form's hidden field, sends the form.
// Talking with the browser is done by webauthn-json, which django-allauth brings.
(() => {
  "use strict";
  const webauthn = window.webauthnJSON;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const button = form.querySelector("[data-passkey-button]");
    const message = form.querySelector("[data-passkey-message]");
    form.querySelector("[data-passkey-no-script]")?.remove();
    const say = (text) => {
      message.textContent = text;
      message.hidden = !text;
    };
    if (!webauthn || !webauthn.supported()) {
      // On the login page other ways are there anyway: nothing is said.
      const part = form.closest("[data-passkey-part]");
      if (part) part.remove();
      else say(form.dataset.unsupported);
      continue;
    }
    button.hidden = false;
    button.addEventListener("click", async () => {
      if (!form.reportValidity()) return;
      say("");
      button.disabled = true;
      try {
        const options = form.dataset.options ? JSON.parse(form.dataset.options) : await asked(form.dataset.optionsUrl);
        const answer = await webauthn[form.dataset.passkey](options);
        form.elements.credential.value = JSON.stringify(answer);
        form.requestSubmit();
      } catch (error) {
        // Stopped by the person, took too long, or this device has a passkey already: the browser does not say which.
        say(error.name === "InvalidStateError" ? form.dataset.double : form.dataset.failed);
      }
      button.disabled = false;
    });
  }

  async function asked(url) {
    const response = await fetch(url, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(String(response.status));
    return (await response.json()).options;
  }
})();
