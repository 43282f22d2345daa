// Before the first paint, set the appearance that the reader chose. Without a choice the system decides.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch { /* storage is not available: the choice lasts until the page is left */ }
