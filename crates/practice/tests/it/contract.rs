//! The contract of the Graph subset: every request and answer of the tests is held against it.

use std::sync::OnceLock;

use jsonschema::Validator;
use serde_json::{Value, json};

/// The OpenAPI document, read once.
pub(crate) struct Contract {
    document: Value,
}

impl Contract {
    pub(crate) fn get() -> &'static Self {
        static CONTRACT: OnceLock<Contract> = OnceLock::new();
        CONTRACT.get_or_init(|| {
            let path = concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../../tests/contracts/graph-openapi-subset.yaml"
            );
            let text = std::fs::read_to_string(path).unwrap();
            Contract {
                document: serde_yaml_ng::from_str(&text).unwrap(),
            }
        })
    }

    /// Every operation: method, path template, definition.
    pub(crate) fn operations(&self) -> Vec<(String, String, &Value)> {
        let mut found = Vec::new();
        for (path, methods) in self.document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                if method != "parameters" {
                    found.push((method.to_uppercase(), path.clone(), operation));
                }
            }
        }
        found
    }

    /// The operation of a request path (after `/v1.0`, without query). An exact segment comes before a placeholder.
    pub(crate) fn operation(&self, method: &str, path: &str) -> Option<(String, &Value)> {
        let path = path.replace("microsoft.graph.", "graph.");
        let segments: Vec<&str> = path.split('/').collect();
        self.operations()
            .into_iter()
            .filter(|(known, template, _)| known == method && fits(template, &segments))
            .min_by_key(|(_, template, _)| template.matches('{').count())
            .map(|(_, template, operation)| (template, operation))
    }

    /// What is wrong with a body, by the contract.
    fn errors(&self, schema: &Value, body: &Value) -> Vec<String> {
        let whole = json!({ "allOf": [schema], "components": self.document["components"] });
        // The documented "never run" interval has a fraction of a second; the contract's own pattern allows it, the format does not.
        let options = jsonschema::options()
            .should_validate_formats(true)
            .with_format("duration", |_| true);
        let validator: Validator = options.build(&whole).unwrap();
        validator
            .iter_errors(body)
            .map(|error| format!("{}: {error}", error.instance_path))
            .collect()
    }

    /// Fails the test when a request is not what the contract takes.
    pub(crate) fn check_request(&self, method: &str, path: &str, body: Option<&Value>) {
        let (template, operation) = self
            .operation(method, path)
            .unwrap_or_else(|| panic!("{method} {path} is not in the contract"));
        let schema = operation.pointer("/requestBody/content/application~1json/schema");
        if let (Some(schema), Some(body)) = (schema, body) {
            let errors = self.errors(schema, body);
            assert!(
                errors.is_empty(),
                "request {method} {template}: {errors:#?}\n{body:#}"
            );
        }
    }

    /// Fails the test when an answer is not what the contract gives.
    pub(crate) fn check_answer(
        &self,
        method: &str,
        path: &str,
        status: u16,
        kind: &str,
        text: &str,
    ) {
        let (template, operation) = self
            .operation(method, path)
            .unwrap_or_else(|| panic!("{method} {path} is not in the contract"));
        let responses = &operation["responses"];
        let mut response = &responses[status.to_string()];
        if response.is_null() {
            response = &responses[format!("{}XX", status / 100)];
        }
        assert!(
            !response.is_null(),
            "{method} {template}: {status} is not in the contract: {text}"
        );
        if let Some(name) = response["$ref"].as_str() {
            response = self.document.pointer(name.trim_start_matches('#')).unwrap();
        }
        let Some(content) = response["content"].as_object() else {
            assert_eq!(text, "", "{method} {template}: {status} has a body");
            return;
        };
        let (wanted, media) = content.iter().next().unwrap();
        assert!(
            kind.starts_with(wanted.as_str()),
            "{method} {template}: {kind} instead of {wanted}"
        );
        let body = serde_json::from_str(text)
            .unwrap_or_else(|error| panic!("{method} {template}: {error}: {text}"));
        let errors = self.errors(&media["schema"], &body);
        assert!(
            errors.is_empty(),
            "answer {status} of {method} {template}: {errors:#?}\n{body:#}"
        );
    }
}

fn fits(template: &str, segments: &[&str]) -> bool {
    let parts: Vec<&str> = template.split('/').collect();
    parts.len() == segments.len()
        && parts
            .iter()
            .zip(segments)
            .all(|(part, segment)| part.starts_with('{') || part == segment)
}
