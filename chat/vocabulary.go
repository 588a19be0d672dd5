package chat

// Words that people type and the bot understands, in either language. It says none of
// them: what is said is in the messages.

// Letters that many do not tell apart.
const (
	yo = "ё"
	ye = "е"
)

// Words that name a secret, in the parameters of a call and in speech.
var (
	sessionWords = []string{
		"auth", "token", "session", "sessionid", "session_id", "access_token", "api_token", "api_key", "apikey", "secret",
		"ses6", "billmgrses5", "billmgrses6", "токен", "токена", "сессия", "сессии", "сессию", "секрет",
	}
	passwordWords = []string{"password", "passwd", "passphrase", "pass", "pwd", "pw", "authinfo", "sshpass", "пароль", "парол", "пассворд", "пасворд", "parol"}
	loginWords    = []string{"root", "admin", "administrator", "login", "user", "логин"}
)

// Words that stand between what is named and what it is.
var copulas = []string{"is", "=", "-", "–", "—", ":", "это", "такой", "такая"}
