import { bot, call, card } from './guide.js';
import { $ } from '../dom.js';
import { world } from '../world.js';
import { command, vendor } from './vendor.js';

// The tours, step by step. Each text is in English and in Russian; words of the bot
// are those that it uses with the person whom the tour shows.

const shortOrder = '/order datacenter=17 pricelist=9102 order_period=1 instances_os=Ubuntu 22.04 use_ssh_key=on instances_ssh_keys=laptop servername=web-1 order_count=1 backups_schedule=off';

// prepare takes back what other tours and people did to the vendor.
async function prepare(g) {
  for (const f of vendor.faults) await command('remove', { id: f.id });
  await command('activation', { delay: g.seconds(15) });
  for (const a of vendor.accounts) {
    await command('balance', { login: a.login, amount: 100 });
    await command('empty', { login: a.login });
  }
}

// login connects the vendor's account, if none is.
async function login(g) {
  if ($('start').hidden) await g.write('/start');
  else await g.click(() => $('start'), '/start');
  const enter = g.word('Log in', 'Войти');
  if (await g.sees(enter, g.word('Order a server', 'Заказать сервер'), g.word('Continue order', 'Продолжить заказ')) !== enter) return;
  await g.say('The bot orders with your own Zomro account, so it asks for a login first. The demo’s account is “demo”.',
    'Бот заказывает с вашего аккаунта Zomro, поэтому сначала просит войти. Аккаунт демо — «demo».');
  await g.press(enter);
  await g.press(g.word('Login and password', 'Логин и пароль'));
  await g.sees(g.word('Your Zomro login', 'Ваш логин в Zomro'));
  await g.write('demo');
  await g.sees(g.word('And the password', 'И пароль'));
  await g.say('Watch the password: the bot deletes it from the chat at once and keeps it sealed.',
    'Следите за паролем: бот сразу удаляет его из чата и хранит зашифрованным.');
  await g.write('demo');
  await g.sees(g.word('Logged in', 'Вы вошли'));
}

// pay confirms the review.
const pay = g => g.press(g.word('Order for', 'Заказать за'));

// order walks through a first order with the buttons.
export async function order(g) {
  g.backstage();
  await prepare(g);
  await g.say('This is a whole order, from the first word to the server. Left is the chat, right is the vendor as the bot sees it.',
    'Это целый заказ, от первого слова до сервера. Слева чат, справа провайдер, каким его видит бот.');
  await login(g);
  await g.write('/order');
  const anew = g.word('Start over', 'Начать заново');
  const all = g.word('Choose everything', 'Выбрать всё');
  if (await g.sees(anew, all) === anew) await g.press(anew);
  await g.sees(all);
  await g.look(card, 'An order opens with an offer: one tap fills all of it in, with what is usual. Here we choose everything ourselves.',
    'Заказ начинается с предложения: одно нажатие заполнит его обычным. Здесь выберем всё сами.');
  await g.press(all);
  await g.sees('Netherlands-3');
  await g.say('Places, plans and prices come from the vendor’s own answers; nothing is built in.',
    'Дата-центры, тарифы и цены приходят из ответов провайдера: ничего не зашито.');
  await g.press('Netherlands-3');
  await g.press('Acorn AMD');
  await g.sees(g.word('Step 3', 'Шаг 3'));
  await g.press(g.word('Skip', 'Пропустить'));
  await g.sees(g.word('Step 4', 'Шаг 4'));
  await g.press('Ubuntu');
  await g.press('Ubuntu 22.04');
  await g.press(g.word('SSH key', 'SSH-ключ'));
  await g.press('laptop');
  await g.sees(g.word('Step 6', 'Шаг 6'));
  await g.write('web-1');
  await g.press(g.word('No backups', 'Без бэкапов'));
  await g.press(g.word('month ·', 'месяц ·'));
  await g.sees(g.word('Step 9', 'Шаг 9'));
  await g.press('1');
  await g.sees(g.word('Balance:', 'На балансе'));
  await g.look(card, 'The review: what is ordered, what it costs, and what is on the balance. Nothing is bought yet.',
    'Проверка: что заказано, сколько стоит и сколько на балансе. Ещё ничего не куплено.');
  await pay(g);
  await g.look(() => call(1), 'First call of an order: into the cart. Before it was sent, the bot wrote down that it will be.',
    'Первый вызов заказа: в корзину. До отправки бот записал, что отправит его.');
  await g.look(() => call(3), 'Last call: pay. It is sent once and never repeated, whatever happens.',
    'Последний вызов: оплата. Он отправляется один раз и не повторяется, что бы ни случилось.');
  await g.sees(g.word('Charged:', 'Списано:'), g.word('The server is active', 'Сервер активен'));
  await g.look(card, 'Paid. The bot now follows the activation by itself and will write.',
    'Оплачено. Теперь бот сам следит за активацией и напишет.');
  await g.sees(g.word('The server is active', 'Сервер активен'));
  await g.look(card, 'The server is there, with its address.', 'Сервер готов, вот его адрес.');
}

// promo orders with one line and a promo code.
export async function promo(g) {
  g.backstage();
  await prepare(g);
  await login(g);
  await g.say('Those who know what they want write the order in one line, with the API’s own names.',
    'Кто знает, чего хочет, пишет заказ одной строкой, с именами полей из API.');
  await g.write(shortOrder);
  await g.sees(g.word('Balance:', 'На балансе'));
  await g.press(g.word('Promo code', 'Промокод'));
  await g.sees(g.word('Type the promo code', 'Напишите промокод'));
  await g.write('WELCOME10');
  await g.sees(g.word('Remove code', 'Убрать промокод'));
  await g.look(card, 'What the code is worth only the vendor’s cart can tell, so the bot promises nothing.',
    'Сколько даёт код, знает только корзина провайдера, поэтому бот ничего не обещает.');
  await pay(g);
  await g.look(() => call(2), 'The second call of an order: the promo code. Then the bot reads the cart and compares the total with what you agreed to.',
    'Второй вызов заказа: промокод. Затем бот читает корзину и сравнивает итог с тем, на что вы согласились.');
  await g.sees(g.word('Charged:', 'Списано:'), g.word('The server is active', 'Сервер активен'));
  await g.look(card, 'Was, is, saved: the discount as it was really charged. A refused code would have been a question, never a silent full price.',
    'Было, стало, сэкономлено: скидка, какой её списали на деле. Отказ в промокоде стал бы вопросом, а не полной ценой молча.');
}

// crash kills the bot while the vendor takes its time with a payment.
export async function crash(g) {
  g.backstage();
  await prepare(g);
  await login(g);
  await g.write(shortOrder);
  await g.sees(g.word('Balance:', 'На балансе'));
  await g.say('Now trouble: the vendor will be slow with the payment, and the bot will be killed meanwhile.',
    'Теперь сбой: провайдер будет медлить с оплатой, а бота в это время убьют.');
  $('knobs').open = true;
  $('target').value = 'step3';
  $('kind').value = 'k_slow';
  await g.click(() => $('arm'), 'arm');
  await g.until(() => $('armed').children.length > 0, 'arm');
  await pay(g);
  await g.until(() => call(3) && call(3).querySelector('.state.waits'), 'pay');
  await g.look(() => call(3), 'The money is under way, and no answer has come.',
    'Деньги в пути, а ответа ещё нет.');
  const starts = bot().starts;
  await g.click(() => $('kill'), 'kill -9');
  await g.until(() => bot().starts > starts && bot().up, 'kill -9');
  await g.look(() => $('bot'), 'kill -9 in the worst moment. Another process runs now; all it knows is what was on the disk.',
    'kill -9 в худший момент. Теперь работает другой процесс; он знает лишь то, что было на диске.');
  await g.sees(g.word('Charged:', 'Списано:'), g.word('The server is active', 'Сервер активен'));
  await g.look(card, 'It did not pay again. It looked at the cart, the servers and the balance, and found that the payment went through.',
    'Он не заплатил второй раз. Он посмотрел корзину, серверы и баланс и увидел, что оплата прошла.');
  await g.look(() => $('accounts'), 'One server, charged once.', 'Один сервер, списано один раз.');
}

// team makes the group a team, orders as one of its members and approves as another.
export async function team(g) {
  const [owner, member, approver] = g.people;
  const at = '@' + world.bot.username;
  g.backstage();
  await prepare(g);
  g.be(owner);
  await login(g);
  g.be(owner, g.team);
  await g.say('The group becomes a team: Anna, who owns it, sets the rules and connects the account that pays.',
    'Группа становится командой: её владелица Anna задаёт правила и подключает аккаунт, с которого платят.');
  await g.write('/team' + at);
  const rules = g.word('Approvals', 'Согласование');
  const unbound = g.word('none connected', 'не подключён');
  const bound = await g.sees(unbound, g.word('connected by', 'кто подключил')) !== unbound;
  const one = g.word('1 approval', '1 согласие');
  await g.press('✅ ' + rules);
  await g.sees(g.word('Which orders need approval', 'Какие заказы'));
  if (!card().textContent.includes('✓ ' + one)) await g.press(one);
  await g.sees('✓ ' + one);
  await g.look(card, 'Every order needs one approval, and nobody approves an order of their own.',
    'Каждому заказу нужно одно согласие, и свой заказ никто не согласует.');
  await g.press(g.word('‹ Back', '‹ Назад'));
  if (!bound) {
    await g.press(g.word('🔑 Account', '🔑 Аккаунт'));
    await g.press(g.word('Open the private chat', 'Открыть личный чат'));
    await g.say('Which account pays is settled in private; the group sees only a name for it.',
      'С какого аккаунта платить, решается в личном чате; группа видит только его название.');
    await g.press('demo');
    await g.press('Zomro');
    await g.sees(g.word('now pays', 'теперь платит'));
  }

  g.be(member, g.team);
  await g.say('Now we are Борис, a member. He orders in the group, in Russian.',
    'Теперь мы Борис, участник. Он заказывает прямо в группе, на русском.');
  await g.write(shortOrder.replace('/order', '/order' + at));
  const send = g.word('Send for approval', 'На согласование');
  await g.sees(send);
  await g.press(send);
  const approve = g.word('Approve', 'Согласовать'); // the card speaks the language of who ordered
  await g.sees(approve);
  await g.look(card, 'Nothing has been asked of the vendor yet: the order waits. Борис tries to approve it himself…',
    'У провайдера ещё ничего не заказано: заказ ждёт. Борис пробует согласовать его сам…');
  await g.press(approve);
  await g.until(() => $('alert').open, approve);
  await g.say('…and may not.', '…и не может.');
  await g.click(() => $('alert').querySelector('button'), 'OK');

  g.be(approver, g.team);
  await g.say('Вера is an administrator of the group, so she approves.',
    'Вера — администратор группы, поэтому согласует она.');
  await g.press(approve);
  await g.sees(g.word('Charged:', 'Списано:'), g.word('The server is active', 'Сервер активен'));
  await g.look(() => call(3), 'Only now the order’s calls were made, at the terms that were approved.',
    'Только теперь сделаны вызовы заказа, и на тех условиях, которые согласованы.');
  await g.look(card, 'The group sees what was bought, who ordered it and who approved it.',
    'Группа видит, что куплено, кто заказал и кто согласовал.');
}
