document.getElementById("page")!.textContent = "extremecut";
