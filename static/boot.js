// What must work when the program does not: the page that says so, and the copy for offline use.

(function () {
  "use strict";
  const RUN = "wirelab.journal";
  const HOLD = "wirelab.hold";
  const CRASHES = "wirelab.crashes";
  const LOOP_MS = 30000; // two crashes within this time are a loop

  // How many crashes there were lately, this one included.
  function count() {
    const now = Date.now();
    let times = [];
    try {
      times = JSON.parse(sessionStorage.getItem(CRASHES) || "[]").filter((t) => now - t < LOOP_MS);
      times.push(now);
      sessionStorage.setItem(CRASHES, JSON.stringify(times));
    } catch (refused) { times = [now]; }
    return times.length;
  }

  function read(key) { try { return localStorage.getItem(key); } catch (refused) { return null; } }
  function hold(on) {
    try {
      on ? localStorage.setItem(HOLD, "1") : localStorage.removeItem(HOLD);
    } catch (refused) { /* none */ }
  }

  function button(label, does) {
    const made = document.createElement("button");
    made.textContent = label;
    made.style.cssText = "padding:9px 16px;border-radius:9px;border:1px solid var(--edge);" +
      "background:var(--card);color:var(--ink)";
    made.onclick = does;
    return made;
  }

  function save(text) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    link.download = "wirelab-run.txt";
    link.click();
  }

  // Covers the page; calling it again changes nothing.
  function show(title, says, detail, loop) {
    if (document.getElementById("crash")) return;
    const box = document.createElement("div");
    box.id = "crash";
    box.setAttribute("role", "alertdialog");
    box.setAttribute("aria-modal", "true");
    box.setAttribute("aria-labelledby", "crash-title");
    box.style.cssText = "position:fixed;inset:0;z-index:99;overflow:auto;padding:12vh 24px;" +
      "background:var(--paper);color:var(--ink)";
    const page = document.createElement("div");
    page.style.cssText = "max-width:560px;margin:0 auto";
    const head = document.createElement("h1");
    head.id = "crash-title";
    head.textContent = title;
    head.style.cssText = "font-size:28px;letter-spacing:-.02em;margin:0 0 12px";
    const text = document.createElement("p");
    text.textContent = says;
    const buttons = document.createElement("div");
    buttons.style.cssText = "display:flex;flex-wrap:wrap;gap:10px;margin:22px 0";
    const again = button(loop ? "Start without the run" : "Go on from there", () => {
      hold(loop);
      location.reload();
    });
    again.style.background = "var(--accent)";
    again.style.color = "var(--on-accent)";
    buttons.append(again);
    const kept = read(RUN);
    if (kept) buttons.append(button("Save the run as a file", () => save(kept)));
    buttons.append(button("To the start page", () => { hold(loop); location.href = "/"; }));
    const more = document.createElement("details");
    const sum = document.createElement("summary");
    sum.textContent = "What the program said";
    const pre = document.createElement("pre");
    pre.textContent = detail;
    pre.style.cssText = "white-space:pre-wrap;overflow-wrap:anywhere;color:var(--mute)";
    more.append(sum, pre);
    page.append(head, text, buttons, more);
    box.append(page);
    document.body.append(box);
    again.focus();
  }

  window.wirelabPanic = function (detail) {
    const loop = count() > 1;
    show(
      "The lab has stopped",
      loop
        ? "It stopped twice in a row, so the run itself may be what stops it. The run is kept: " +
          "start without it, or save it and send it to whoever looks after this lab."
        : "A fault in the program, not in what you did. Your run was saved at each step, so you " +
          "can go on from where you were.",
      detail,
      loop
    );
  };

  window.addEventListener("unhandledrejection", (event) => {
    if (document.getElementById("app").querySelector(".skeleton")) {
      show(
        "The lab could not start",
        "The program did not arrive whole, or this browser cannot run it (it needs " +
          "WebAssembly). Try again with a fresh copy of the page.",
        String(event.reason),
        false
      );
    }
  });

  window.addEventListener("load", () => {
    if ("serviceWorker" in navigator && location.protocol.startsWith("http")) {
      navigator.serviceWorker.register("/sw.js").catch(() => { /* the page works without */ });
    }
  });
})();
