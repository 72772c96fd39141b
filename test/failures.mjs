// What failed, from the reports that the runners wrote: repeated at the end of the output, where a reader of a long log
// (or of its last lines) finds it. Built-ins only, as the runner that calls it.

/** Colours are for terminals, and a long message hides the next failure. */
function shortened(message) {
  // eslint-disable-next-line no-control-regex -- the escape character is what is looked for
  const plain = String(message).replace(/\u001b\[[0-9;]*m/g, '');
  return plain.length > 2500 ? `${plain.slice(0, 2500)} […]` : plain;
}

const failure = (test, messages) => ({ test, messages: messages.map(shortened) });

/** Failures in a report of vitest's json reporter: tests, and files that could not be loaded. */
export function vitestFailures({ testResults }) {
  return testResults.flatMap((file) => {
    const failed = file.assertionResults.filter(({ status }) => status === 'failed');
    if (failed.length === 0 && file.status === 'failed') return [failure(file.name, [file.message])];
    return failed.map(({ fullName, duration, failureMessages }) =>
      failure(`${file.name}: ${fullName} (after ${Math.round(duration ?? 0)} ms)`, failureMessages),
    );
  });
}

/** Failures in a report of playwright's json reporter: tests that failed or passed only when repeated. */
export function playwrightFailures({ suites, errors }) {
  const specs = (suite) => [...suite.specs, ...(suite.suites ?? []).flatMap(specs)];
  const failed = suites.flatMap(specs).flatMap((spec) =>
    spec.tests
      .filter(({ status }) => status === 'unexpected' || status === 'flaky')
      .map(({ results }) => {
        const messages = results.flatMap((result) => result.errors.map(({ message }) => message));
        return failure(`${spec.file}:${spec.line}: ${spec.title}`, messages);
      }),
  );
  return [...errors.map(({ message }) => failure('the test run', [message])), ...failed];
}
