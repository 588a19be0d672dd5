// share hands every event of a stream to every window. Browsers allow a handful of
// connections to one server, so one window holds the stream for all and passes on
// what it gets; when it is closed, the next one takes over and begins with
// everything again. A window that comes later reads the state whole first: events
// are whole, too, so what it then hears twice does no harm.
export function share(address, state, take, lost = () => {}) {
  const channel = new BroadcastChannel(address);
  const tell = (kind, data) => {
    channel.postMessage([kind, data]);
    hear(kind, data);
  };
  let early = []; // heard before the state was there; null afterwards
  let leads = false;

  function hear(kind, data) {
    if (kind === 'lost') return lost(data);
    const v = JSON.parse(data);
    if (early && !v.reset) return early.push(v);
    const before = early || [];
    early = null;
    take(v);
    if (!leads) before.forEach(take);
  }
  channel.onmessage = e => hear(...e.data);

  function lead() {
    leads = true;
    return new Promise(() => { // for as long as the window is open
      let stream;
      const open = () => {
        stream = new EventSource(address);
        stream.onopen = () => tell('lost', false);
        stream.onmessage = e => tell('event', e.data);
        stream.onerror = () => {
          tell('lost', true);
          if (stream.readyState === EventSource.CLOSED) setTimeout(open, 1000); // else the browser tries by itself
        };
      };
      open();
    });
  }

  async function follow() {
    try {
      const r = await fetch(state);
      if (early && !leads) hear('event', await r.text());
    } catch {
      if (early) setTimeout(follow, 1000);
    }
  }

  navigator.locks.request('stream ' + address, lead);
  navigator.locks.query().then(({ held }) => {
    if (!leads && held.some(l => l.name === 'stream ' + address)) follow();
  });
}
