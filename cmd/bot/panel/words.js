import { addWords } from '../words.js';

// The panel's words.
addWords({
  en: {
    close: 'Close', process: 'The bot', pid: n => 'process ' + n, starts: n => n === 1 ? 'started once' : `started ${n} times`,
    up: 'running', starting: 'starting…', down: 'dead', back_after: n => `back after ${n} ms`, kill: 'kill -9',
    kill_hint: 'Ends the process as a power cut would. It is started again at once.',
    vendor: 'Zomro (sandbox)', account: n => 'Account ' + n, balance: 'Balance', cart: 'Cart', services: 'Servers', nothing: 'empty', none: 'none',
    calls: 'Calls of the vendor’s API', only_order: 'Only the order’s three', no_calls: 'The bot has asked nothing yet.',
    request: 'Request', response: 'Answer', lost: 'no answer', waits: 'waiting…', ms: n => n < 1000 ? n + ' ms' : (n / 1000).toFixed(1) + ' s',
    step1: 'into the cart', step2: 'promo code', step3: 'pay', price_read: 'reads the cart', trouble: 'Make trouble', next_call: 'The next call', will: 'will',
    any: 'of any kind', arm: 'Arm', armed: 'Armed', disarm: 'Disarm', hits: n => n ? 'has struck' : 'waits for its call',
    k_lost: 'lose its answer', k_unsent: 'not arrive', k_slow: 'be slow (20 s)', k_502: 'end in HTTP 502', k_html: 'answer with a web page', k_refused: 'be refused',
    k_session: 'be told: log in', k_cut: 'break off in the middle',
    knob_dearer: 'Prices +10 %', knob_cheaper: 'Prices −10 %', knob_foreign: 'Put something else into the cart', knob_empty: 'Empty the cart', knob_expire: 'End the session',
    knob_slow_on: 'Activation never ends', knob_slow_off: 'Activation in 15 s', knob_rich: 'Balance €100', knob_poor: 'Balance €1', did: 'Done: ',
    image: 'system', month: 'per period', tours: 'Guided tours', tour: 'Guided tour', pause: 'Pause', resume: 'Go on', step: 'Next step', stop: 'End the tour',
    speed: 'Speed', ended: 'That was it. The chat is yours: go on from here, or take another tour.', stuck: 'What this tour waits for does not come. It ends here: ',
    tour_order: 'First order', tour_promo: 'A promo code', tour_crash: 'A crash while paying', tour_team: 'A team that approves',
  },
  ru: {
    close: 'Закрыть', process: 'Бот', pid: n => 'процесс ' + n, starts: n => n === 1 ? 'запущен один раз' : 'запусков: ' + n,
    up: 'работает', starting: 'запускается…', down: 'убит', back_after: n => `вернулся через ${n} мс`, kill: 'kill -9',
    kill_hint: 'Обрывает процесс, как отключение питания. Он сразу запускается снова.',
    vendor: 'Zomro (песочница)', account: n => 'Аккаунт ' + n, balance: 'Баланс', cart: 'Корзина', services: 'Серверы', nothing: 'пусто', none: 'нет',
    calls: 'Вызовы API провайдера', only_order: 'Только три вызова заказа', no_calls: 'Бот пока ни о чём не спрашивал.',
    request: 'Запрос', response: 'Ответ', lost: 'нет ответа', waits: 'ждёт…', ms: n => n < 1000 ? n + ' мс' : (n / 1000).toFixed(1).replace('.', ',') + ' с',
    step1: 'в корзину', step2: 'промокод', step3: 'оплата', price_read: 'читает корзину', trouble: 'Устроить сбой', next_call: 'Следующий вызов', will: 'что с ним',
    any: 'любой', arm: 'Поставить', armed: 'Поставлено', disarm: 'Снять', hits: n => n ? 'сработало' : 'ждёт своего вызова',
    k_lost: 'потеряет ответ', k_unsent: 'не дойдёт', k_slow: 'будет медленным (20 с)', k_502: 'кончится HTTP 502', k_html: 'ответит веб-страницей', k_refused: 'получит отказ',
    k_session: 'услышит: войдите', k_cut: 'оборвётся посередине',
    knob_dearer: 'Цены +10 %', knob_cheaper: 'Цены −10 %', knob_foreign: 'Положить в корзину чужое', knob_empty: 'Очистить корзину', knob_expire: 'Завершить сессию',
    knob_slow_on: 'Активация без конца', knob_slow_off: 'Активация за 15 с', knob_rich: 'Баланс 100 €', knob_poor: 'Баланс 1 €', did: 'Сделано: ',
    image: 'система', month: 'за период', tours: 'Экскурсии', tour: 'Экскурсия', pause: 'Пауза', resume: 'Дальше', step: 'Следующий шаг', stop: 'Закончить экскурсию',
    speed: 'Скорость', ended: 'Вот и всё. Чат ваш: продолжайте отсюда или выберите другую экскурсию.', stuck: 'Экскурсия не дождалась нужного и на этом кончается: ',
    tour_order: 'Первый заказ', tour_promo: 'Промокод', tour_crash: 'Сбой во время оплаты', tour_team: 'Команда и согласование',
  },
});
