// What Streamlit leaves undone for those who use a keyboard or a screen reader.
(() => {
  document.documentElement.lang = document.querySelector(".fou-head")?.lang || "nb";
  if (window.fouReady) return;
  window.fouReady = true;
  // A popover opens at the end of the document, some fifty stops of the Tab key away: the focus goes into it, and back
  let opener = null;
  document.addEventListener("click", (event) => {
    opener = event.target.closest?.("[data-testid=stPopover] button") || opener;
  }, true);
  const inside = "input:not([disabled]):not([type=file]), textarea, button:not([disabled]), a[href], [tabindex='0']";
  new MutationObserver((changes) => {
    for (const change of changes) {
      for (const node of change.addedNodes) {
        const body = node.querySelector?.("[data-testid=stPopoverBody]");
        if (body) setTimeout(() => body.querySelector(inside)?.focus(), 60);
      }
      for (const node of change.removedNodes) {
        const lost = !document.activeElement || document.activeElement === document.body;
        if (node.querySelector?.("[data-testid=stPopoverBody]") && lost) opener?.focus();
      }
    }
  }).observe(document.body, { childList: true, subtree: true });
})();
