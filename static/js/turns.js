// What a page asks for while one types is asked for one after the other: so an editor who saves meanwhile never waits for
// a thread of the server that previews take up.
'use strict';
window.inTurn = (() => {
  let last = Promise.resolve();
  return (ask) => {
    const answer = last.then(ask);
    last = answer.catch(() => {});
    return answer;
  };
})();
