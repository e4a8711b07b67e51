/** Asks until the answer is true; what never comes is an error that says what it was. */
export async function eventually(what, ask, deadlineMs = 60_000) {
  const begun = Date.now();
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() - begun > deadlineMs) throw new Error(`this did not come: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
