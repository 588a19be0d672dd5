// Package expense is the flow of what an account has been charged: the costs of each month
// by server, and which charges nothing that the bot knows of explains.
package expense
