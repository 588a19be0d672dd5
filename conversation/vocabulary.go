package conversation

// Words that people type and the bot understands, in either language. It says none of
// them: what is said is in the messages.

// Words that name a secret, in the parameters of a call and in speech.
var (
	sessionWords  = []string{"auth", "token", "session", "ses6", "billmgrses5", "billmgrses6", "токен", "сессия", "сессии"}
	passwordWords = []string{"password", "passwd", "pass", "pwd", "authinfo", "пароль", "пароля"}
)
