# Errors in the arguments of a command.

usage-help = `--help` explains all arguments.
usage-no-value = expected a value for { $argument }, found none
usage-no-word = expected a value for { $argument }, one of { $values }; found none
usage-other-word = expected { $argument } as one of { $values }, found { $value }
usage-bad-value = expected another value for { $argument }, found { $value }
usage-wrong-value = { $argument }: { $why }
usage-missing = expected { $arguments }, found nothing
usage-unknown-argument = expected an argument of this command, found { $argument }
usage-unknown-command = expected a command, found { $command }
usage-suggestion = { $error }. Did you mean { $suggestion }?
usage-conflict = { $argument } cannot be used together with { $other }
usage-twice = expected { $argument } once, found it twice
usage-bad-format = expected a value of another form
usage-day = expected a day such as 2026-11-30
usage-address = expected an address such as 127.0.0.1:8080
usage-range = expected a number from { $least } to { $most }
usage-number = expected a number, digits only
person-bad-name = expected a name of 1 to 32 letters, digits and other visible characters, that does not begin with "token " and is not a word of this program, such as cashier, payer or webhook
person-name-taken = expected a new name, found one that is taken by a user or a token
person-no-such-name = expected the name of a user or a token that is not revoked, found another name
order-bad-number = expected a number of 1 to { $most } letters, digits and other ASCII characters, without a space at either end
