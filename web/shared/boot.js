// Sets theme, elder mode and language on <html> before the first paint. A classic script, linked in <head> without
// defer: a module would run after the page has been painted once in the wrong colours.
(function () {
  var root = document.documentElement;
  function stored(name) {
    try {
      return localStorage.getItem("hotline." + name);
    } catch (refused) {
      return null;
    }
  }
  var theme = stored("theme");
  if (theme === "light" || theme === "dark") root.setAttribute("data-theme", theme);
  if (stored("elder") === "on") root.setAttribute("data-elder", "");
  var language = stored("language");
  if (/^(zh-Hans|zh-Hant|en)$/.test(language || "")) root.lang = language;
})();
