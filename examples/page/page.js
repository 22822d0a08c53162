const provider = document.querySelector('call-invitation-provider');
const form = document.querySelector('#sign-in');
const callee = document.querySelector('#callee');
const button = document.querySelector('start-call-button');

/** Called for each connection, and again when a token expires. */
provider.token = async () => {
  const answer = await fetch('/call-token');
  if (!answer.ok) throw new Error(`no token: ${answer.status}`);
  return answer.text();
};

async function start() {
  const answer = await fetch('/me');
  form.hidden = answer.ok;
  document.querySelector('#signed-in').hidden = !answer.ok;
  if (!answer.ok) return;
  const { id, name } = await answer.json();
  document.querySelector('#name').textContent = name;
  provider.userName = name;
  // Setting the userID makes the provider connect.
  provider.userID = id;
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const name = new FormData(form).get('name');
  await fetch('/sign-in', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name }),
  });
  await start();
});

callee.addEventListener('input', () => {
  button.callees = [
    callee.value
      .trim()
      .normalize('NFC')
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-'),
  ].filter(Boolean);
});

await start();
