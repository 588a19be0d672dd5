// A bot on grammY and the people it talks to, who act through /sim/. It ends well
// only when both saw what they would see on Telegram.
//
//     node grammy.mjs URL TOKEN
import assert from "node:assert/strict";
import { Bot, GrammyError } from "grammy";

const [url, token] = process.argv.slice(2);
const anna = 1001, forum = -1000000000077;

// sim lets a person do something.
async function sim(action, body) {
  const answer = await fetch(`${url}/sim/${action}`, { method: "POST", body: JSON.stringify(body) });
  const result = await answer.json();
  assert.equal(answer.status, 200, `${action}: ${JSON.stringify(result)}`);
  return result;
}

const transcript = async chat => (await fetch(`${url}/sim/transcript?chat=${chat}`)).text();

// next is a promise that the bot's handler keeps.
let seen;
const next = () => new Promise(resolve => { seen = resolve; });

const bot = new Bot(token, { client: { apiRoot: url } });
bot.catch(({ error }) => { console.error(error); process.exit(1); });
bot.command("start", async ctx => seen(await ctx.reply(`<b>Hello</b>, ${ctx.from.first_name}: ${ctx.match}`, {
  parse_mode: "HTML",
  reply_markup: { inline_keyboard: [[{ text: "Go", callback_data: "go" }]] },
})));
bot.callbackQuery("go", async ctx => {
  await ctx.answerCallbackQuery("going");
  seen(await ctx.editMessageText("gone"));
});
bot.command("order", async ctx => seen(await ctx.reply("which?", {
  message_thread_id: ctx.msg.message_thread_id,
  reply_markup: { force_reply: true, selective: true },
  reply_parameters: { message_id: ctx.msg.message_id },
})));
bot.on("message:text", async ctx => {
  assert.equal(ctx.msg.reply_to_message?.from.id, ctx.me.id);
  await ctx.deleteMessage();
  seen(ctx.msg);
});
bot.on("my_chat_member", ctx => seen(ctx.myChatMember.new_chat_member));

const polling = bot.start({ allowed_updates: ["message", "callback_query", "my_chat_member"] });

let done = next();
await sim("link", { user: anna, link: `https://t.me/${(await bot.api.getMe()).username}?start=x` });
const card = await done;
assert.equal(card.text, "Hello, Anna: x");
done = next();
await sim("tap", { user: anna, message: card.message_id, button: "Go" });
assert.equal((await done).text, "gone");
assert.equal(await transcript(anna), [
  "Anna: /start x", "bot #1: Hello, Anna: x", "  [Go]", "Anna taps [Go] on #1", "toast to Anna: going", "bot #1 edited: gone", "",
].join("\n"));

done = next();
await sim("chats", { id: forum, title: "Forum", forum: true, members: [anna] });
assert.equal((await done).status, "member");
done = next();
await sim("promote", { user: anna, chat: forum, delete: true });
assert.equal((await done).can_delete_messages, true);
const { thread } = await sim("topic", { user: anna, chat: forum, title: "Servers" });
done = next();
await sim("send", { user: anna, chat: forum, thread, text: "/order" });
const question = await done;
assert.equal(question.message_thread_id, thread);
assert.equal(question.is_topic_message, true);
done = next();
const { message } = await sim("reply", { user: anna, chat: forum, message: question.message_id, text: "that one" });
assert.equal((await done).message_id, message);
assert.match(await transcript(forum), /bot deletes Anna's "that one"\n$/);

await sim("fault", { method: "sendMessage", kind: "too-many", retryAfter: 7 });
await assert.rejects(bot.api.sendMessage(anna, "hi"), e => e instanceof GrammyError && e.error_code === 429 && e.parameters.retry_after === 7);
done = next();
await sim("block", { user: anna, blocked: true });
assert.equal((await done).status, "kicked");
await assert.rejects(bot.api.sendMessage(anna, "hi"), e => e instanceof GrammyError && e.error_code === 403 && e.description === "Forbidden: bot was blocked by the user");
assert.deepEqual((await bot.api.getChatAdministrators(forum)).map(m => m.status), ["creator", "administrator"]);

await bot.stop();
await polling;
