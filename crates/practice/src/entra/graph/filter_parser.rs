//! Reading a `$filter` expression.

use super::filter::{Filter, Function, Operand, Operator};

impl Filter {
    /// Reads an expression.
    ///
    /// # Errors
    /// A text that says what could not be read.
    pub fn parse(text: &str) -> Result<Self, String> {
        let tokens = tokens(text)?;
        let mut parser = Parser {
            tokens: &tokens,
            at: 0,
        };
        let filter = parser.or()?;
        if parser.at == tokens.len() {
            Ok(filter)
        } else {
            Err(format!(
                "Invalid filter clause near position {}.",
                parser.at
            ))
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Word(String),
    Text(String),
    Open,
    Close,
    Comma,
    Colon,
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut found = Vec::new();
    let mut rest = text.chars().peekable();
    while let Some(&letter) = rest.peek() {
        match letter {
            ' ' | '+' => drop(rest.next()),
            '(' | ')' | ',' | ':' => {
                rest.next();
                found.push(match letter {
                    '(' => Token::Open,
                    ')' => Token::Close,
                    ',' => Token::Comma,
                    _ => Token::Colon,
                });
            }
            '\'' => {
                rest.next();
                let mut literal = String::new();
                loop {
                    match rest.next() {
                        Some('\'') if rest.peek() == Some(&'\'') => {
                            rest.next();
                            literal.push('\'');
                        }
                        Some('\'') => break,
                        Some(other) => literal.push(other),
                        None => {
                            return Err(
                                "There is an unterminated string literal in the filter.".to_owned()
                            );
                        }
                    }
                }
                found.push(Token::Text(literal));
            }
            _ => {
                let mut word = String::new();
                while let Some(&next) = rest.peek() {
                    // A time such as 2026-01-01T00:00:00Z holds colons; a lambda's variable is a single letter.
                    let part_of_time =
                        next == ':' && word.starts_with(|first: char| first.is_ascii_digit());
                    if " (),'".contains(next) || (next == ':' && !part_of_time) {
                        break;
                    }
                    word.push(next);
                    rest.next();
                }
                found.push(Token::Word(word));
            }
        }
    }
    Ok(found)
}

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
}

impl Parser<'_> {
    fn peek_word(&self, word: &str) -> bool {
        matches!(self.tokens.get(self.at), Some(Token::Word(found)) if found == word)
    }

    fn expect(&mut self, token: &Token) -> Result<(), String> {
        if self.tokens.get(self.at) == Some(token) {
            self.at += 1;
            Ok(())
        } else {
            Err("Invalid filter clause.".to_owned())
        }
    }

    fn or(&mut self) -> Result<Filter, String> {
        let mut left = self.and()?;
        while self.peek_word("or") {
            self.at += 1;
            left = Filter::Or(Box::new(left), Box::new(self.and()?));
        }
        Ok(left)
    }

    fn and(&mut self) -> Result<Filter, String> {
        let mut left = self.term()?;
        while self.peek_word("and") {
            self.at += 1;
            left = Filter::And(Box::new(left), Box::new(self.term()?));
        }
        Ok(left)
    }

    fn term(&mut self) -> Result<Filter, String> {
        if self.peek_word("not") {
            self.at += 1;
            return Ok(Filter::Not(Box::new(self.term()?)));
        }
        if self.tokens.get(self.at) == Some(&Token::Open) {
            self.at += 1;
            let inner = self.or()?;
            self.expect(&Token::Close)?;
            return Ok(inner);
        }
        if let (Some(Token::Word(word)), Some(Token::Open)) =
            (self.tokens.get(self.at), self.tokens.get(self.at + 1))
        {
            let function = match word.to_ascii_lowercase().as_str() {
                "startswith" => Some(Function::StartsWith),
                "endswith" => Some(Function::EndsWith),
                "contains" => Some(Function::Contains),
                _ => None,
            };
            if let Some(function) = function {
                self.at += 2;
                let a = self.operand()?;
                self.expect(&Token::Comma)?;
                let b = self.operand()?;
                self.expect(&Token::Close)?;
                return Ok(Filter::Call(function, a, b));
            }
            if let Some(path) = word.strip_suffix("/any").map(ToOwned::to_owned) {
                return self.any(path);
            }
        }
        let left = self.operand()?;
        if self.peek_word("in") {
            return self.member_of(left);
        }
        let operator = match self.tokens.get(self.at) {
            Some(Token::Word(word)) => match word.as_str() {
                "eq" => Operator::Eq,
                "ne" => Operator::Ne,
                "gt" => Operator::Gt,
                "ge" => Operator::Ge,
                "lt" => Operator::Lt,
                "le" => Operator::Le,
                other => return Err(format!("Invalid filter clause: '{other}' is no operator.")),
            },
            _ => return Err("Invalid filter clause.".to_owned()),
        };
        self.at += 1;
        Ok(Filter::Compare(left, operator, self.operand()?))
    }

    fn any(&mut self, path: String) -> Result<Filter, String> {
        self.at += 2;
        self.operand()?;
        self.expect(&Token::Colon)?;
        self.operand()?;
        self.expect(&Token::Word("eq".to_owned()))?;
        let Operand::Literal(Some(wanted)) = self.operand()? else {
            return Err("Invalid filter clause: any needs a text.".to_owned());
        };
        self.expect(&Token::Close)?;
        Ok(Filter::Any(path, wanted))
    }

    fn member_of(&mut self, left: Operand) -> Result<Filter, String> {
        self.at += 1;
        self.expect(&Token::Open)?;
        let mut found: Option<Filter> = None;
        loop {
            let next = Filter::Compare(left.clone(), Operator::Eq, self.operand()?);
            found = Some(match found {
                Some(before) => Filter::Or(Box::new(before), Box::new(next)),
                None => next,
            });
            if self.tokens.get(self.at) == Some(&Token::Comma) {
                self.at += 1;
            } else {
                break;
            }
        }
        self.expect(&Token::Close)?;
        found.ok_or_else(|| "Invalid filter clause.".to_owned())
    }

    fn operand(&mut self) -> Result<Operand, String> {
        let token = self
            .tokens
            .get(self.at)
            .ok_or("The filter ends too early.")?;
        self.at += 1;
        match token {
            Token::Text(text) => Ok(Operand::Literal(Some(text.clone()))),
            Token::Word(word) if word.eq_ignore_ascii_case("tolower") => {
                self.expect(&Token::Open)?;
                let inner = self.operand()?;
                self.expect(&Token::Close)?;
                Ok(Operand::Lower(Box::new(inner)))
            }
            Token::Word(word) if word == "null" => Ok(Operand::Literal(None)),
            Token::Word(word)
                if word == "true"
                    || word == "false"
                    || word.starts_with(|first: char| first.is_ascii_digit()) =>
            {
                Ok(Operand::Literal(Some(word.clone())))
            }
            Token::Word(word) => Ok(Operand::Path(word.clone())),
            _ => Err("Invalid filter clause.".to_owned()),
        }
    }
}
