import { bot, button, call, card } from './guide.js';
import { $ } from '../dom.js';
import { world } from '../world.js';
import { command, vendor } from './vendor.js';

// The tours, step by step. Each text is in English and in Russian; words of the bot
// are those that it uses with the person whom the tour shows.

const shortOrder = '/order datacenter=17 pricelist=9102 order_period=1 instances_os=Ubuntu 22.04 use_ssh_key=on instances_ssh_keys=laptop servername=web-1 order_count=1 backups_schedule=off';

// login connects the vendor's account.
async function login(g) {
  await command('activation', { delay: g.seconds(15) });
  await g.click(() => $('start'), '/start');
  const enter = g.word('Log in', 'Войти');
  await g.sees(enter);
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

// order takes the short way: the offer, the review, Confirm.
export async function order(g) {
  g.backstage();
  await g.say('A whole order, from the first word to the server. Beside the chat is the vendor as the bot sees it.',
    'Целый заказ, от первого слова до сервера. Рядом с чатом — провайдер, каким его видит бот.');
  await login(g);
  await g.write('/order');
  await g.sees('🔥');
  await g.look(card, 'An order opens with an offer, made of the vendor’s own plans and prices. One tap fills in all of it.',
    'Заказ начинается с предложения из тарифов и цен самого провайдера. Одно нажатие заполняет его целиком.');
  await g.press('🔥');
  await g.sees(g.word('Balance:', 'На балансе'));
  await g.look(card, 'The review shows all of it. ✨ marks what was filled in for you; each button changes one answer. We’ll change the name.',
    'На проверке видно всё. ✨ — заполнено за вас, каждая кнопка меняет один ответ. Поменяем имя.');
  await g.press(g.word('Name', 'Имя'));
  await g.sees(g.word('Server name?', 'Имя сервера?'));
  await g.write('web-1');
  await g.sees(g.word('Name: web-1', 'Имя: web-1'));
  await g.look(() => button(g.word('Order for', 'Заказать за')), 'The price and the balance are there, too. Nothing is bought until this button is pressed.',
    'Здесь же цена и остаток на балансе. Пока не нажата эта кнопка, ничего не куплено.');
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
  $('knobs').open = false; // the calls are below it
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
  g.be(owner);
  await login(g);
  g.be(owner, g.team);
  await g.say('The group becomes a team: Anna, who owns it, sets the rules and connects the account that pays.',
    'Группа становится командой: её владелица Anna задаёт правила и подключает аккаунт, с которого платят.');
  await g.write('/team' + at);
  const rules = g.word('Approvals', 'Согласование');
  const one = g.word('1 approval', '1 согласие');
  await g.press('✅ ' + rules);
  await g.sees(g.word('Which orders need approval', 'Какие заказы'));
  await g.press(one);
  await g.sees('✓ ' + one);
  await g.look(card, 'Every order needs one approval, and nobody approves an order of their own.',
    'Каждому заказу нужно одно согласие, и свой заказ никто не согласует.');
  await g.press(g.word('‹ Back', '‹ Назад'));
  await g.press(g.word('🔑 Account', '🔑 Аккаунт'));
  await g.press(g.word('Open the private chat', 'Открыть личный чат'));
  await g.say('Which account pays is settled in private; the group sees only a name for it.',
    'С какого аккаунта платить, решается в личном чате; группа видит только его название.');
  await g.press('demo');
  await g.press('Zomro');
  await g.sees(g.word('now pays', 'теперь платит'));

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
