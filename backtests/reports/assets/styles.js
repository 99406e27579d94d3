// Styles that are made as the page runs: the policy wants to see its nonce on them.
"use strict";
(() => {
  const { content } = document.querySelector("meta[name=report-nonce]");
  const createElement = document.createElement.bind(document);
  document.createElement = (name, options) => {
    const element = createElement(name, options);
    if (element instanceof HTMLStyleElement) element.nonce = content;
    return element;
  };
})();
