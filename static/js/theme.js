// Before the first paint: the appearance this reader chose. Without it the system decides.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch { /* storage is closed to this page: the choice lasts for the page */ }
