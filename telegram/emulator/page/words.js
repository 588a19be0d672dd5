import { tell } from './dom.js';

// The page's own words. What stands beside the chats adds its own.
const words = { en: {}, ru: {} };

export function addWords(more) {
  for (const l of Object.keys(words)) Object.assign(words[l], more[l]);
}

addWords({
  en: {
    chats: 'Chats', you: 'You are', language: 'Language', back: 'Back', messages: 'Messages', message: 'Message', send: 'Send',
    menu: 'Menu', commands: 'Commands', replying: 'Reply to', cancel: 'Cancel', offline: 'Connection lost, trying again…',
    hint: 'The page stands in for Telegram. You can be everybody here, also several people in several windows.',
    bot: 'bot', deleted: 'message deleted', edited: 'edited', block: 'Stop bot', unblock: 'Restart bot', blocked: 'bot stopped',
    about: 'What can this bot do?', start: 'START', copied: 'Copied', spoiler: 'Hidden text, press to show', copy: 'Press to copy',
    reply: n => 'Reply to ' + n, link: 'opens a link', copies: 'copies', members: n => n + (n === 1 ? ' member' : ' members'),
    failed: 'That did not work: ', protected: 'cannot be forwarded', only: 'Only you see this', photo: 'Photo', empty: 'No messages yet',
    typing: 'typing…', topics: 'Topics', everything: 'All', panel: 'Backstage', theme: n => 'Colors: ' + n,
    auto: 'as the system', light: 'light', dark: 'dark', window: n => 'A window of its own for ' + n, unread: 'unread',
  },
  ru: {
    chats: 'Чаты', you: 'Вы', language: 'Язык', back: 'Назад', messages: 'Сообщения', message: 'Сообщение', send: 'Отправить',
    menu: 'Меню', commands: 'Команды', replying: 'Ответ на', cancel: 'Отмена', offline: 'Связь потеряна, пробуем ещё раз…',
    hint: 'Страница заменяет Telegram. Здесь можно быть кем угодно, а в нескольких окнах — сразу несколькими людьми.',
    bot: 'бот', deleted: 'сообщение удалено', edited: 'изменено', block: 'Остановить', unblock: 'Запустить снова', blocked: 'бот остановлен',
    about: 'Что умеет этот бот?', start: 'СТАРТ', copied: 'Скопировано', spoiler: 'Скрытый текст, нажмите, чтобы показать', copy: 'Нажмите, чтобы скопировать',
    reply: n => 'Ответить: ' + n, link: 'открывает ссылку', copies: 'копирует', members: n => 'участников: ' + n,
    failed: 'Не получилось: ', protected: 'нельзя переслать', only: 'Видите только вы', photo: 'Фото', empty: 'Сообщений пока нет',
    typing: 'печатает…', topics: 'Темы', everything: 'Все', panel: 'Закулисье', theme: n => 'Цвета: ' + n,
    auto: 'как в системе', light: 'светлые', dark: 'тёмные', window: n => 'Отдельное окно: ' + n, unread: 'непрочитанных',
  },
});

const known = l => l in words;
const asked = new URLSearchParams(location.search).get('lang');
const chosen = (/(?:^|; )lang=(\w+)/.exec(document.cookie) || [])[1]; // a cookie, so that the server knows it, too
export let lang = [asked, chosen, navigator.language.slice(0, 2), 'en'].find(l => l && known(l));

// t returns a word in the page's language.
export function t(key, ...values) {
  const word = words[lang][key];
  return typeof word === 'function' ? word(...values) : word;
}

export function setLang(l) {
  lang = l;
  document.cookie = `lang=${l}; path=/; max-age=31536000; samesite=lax`;
  translate(document);
  tell('language');
}

// translate writes the words that a part of the document asks for.
export function translate(root) {
  document.documentElement.lang = lang;
  for (const e of root.querySelectorAll('[data-t]')) e.textContent = t(e.dataset.t);
  for (const e of root.querySelectorAll('[data-t-label]')) e.setAttribute('aria-label', t(e.dataset.tLabel));
  for (const e of root.querySelectorAll('[data-t-placeholder]')) e.placeholder = t(e.dataset.tPlaceholder);
}
