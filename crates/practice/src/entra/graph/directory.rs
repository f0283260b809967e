//! Groups, their members, and objects by id.

use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::GraphRequest;
use super::error::{Answer, GraphError};
use super::filter::{Case, Field, Filterable};
use super::query::{DIRECTORY, Paging, Query};
use super::render;
use crate::entra::Entra;
use crate::entra::directory::{Directory, Group, Member};

/// `GET /groups`.
pub(super) fn list_groups(entra: &Entra, request: &GraphRequest) -> Result<Answer, GraphError> {
    let query = Query::directory(request, false)?;
    let paging = Paging {
        default: entra.knobs().page_size.unwrap_or(DIRECTORY.default),
        ..DIRECTORY
    };
    entra.read(|directory| query.page(request, paging, directory.groups.iter(), render::group))
}

/// `GET /groups/{id}`.
pub(super) fn get_group(entra: &Entra, request: &GraphRequest) -> Result<Answer, GraphError> {
    let query = Query::plain(request, Case::Ignored)?;
    entra.read(|directory| {
        Ok(Answer::json(
            query.selected(render::group(find(directory, request.id(0))?)),
        ))
    })
}

fn find<'a>(directory: &'a Directory, id: &str) -> Result<&'a Group, GraphError> {
    id.parse()
        .ok()
        .and_then(|id| directory.groups.get(&id))
        .ok_or_else(|| GraphError::not_found(id))
}

/// A member with what it names.
struct Row<'a> {
    directory: &'a Directory,
    member: Member,
}

impl Filterable for Row<'_> {
    fn field(&self, path: &str) -> Option<Field<'_>> {
        let id = self.member.id();
        match self.member {
            Member::User(_) => self.directory.users.get(&id)?.field(path),
            Member::Group(_) => self.directory.groups.get(&id)?.field(path),
            Member::ServicePrincipal(_) => self.directory.service_principals.get(&id)?.field(path),
            Member::Device(_) => match path {
                "id" => Some(Field::shown(id)),
                "displayName" => Some(Field::text("A device")),
                _ => None,
            },
        }
    }
}

fn row(row: &Row<'_>) -> Value {
    let id = row.member.id();
    let (kind, name) = match row.member {
        // Registrations have no enterprise application in the tables, and are members under their own name all the same.
        Member::ServicePrincipal(_) => {
            let registration = row
                .directory
                .registrations
                .iter()
                .find(|registration| registration.service_principal_id == id);
            (
                "servicePrincipal",
                registration.map_or("", |registration| &registration.display_name),
            )
        }
        Member::User(_) | Member::Group(_) | Member::Device(_) => ("device", "A device"),
    };
    object(row.directory, &id).unwrap_or_else(|| {
        let unlisted = json!({ "id": id, "displayName": name, "deletedDateTime": null });
        render::typed(unlisted, kind)
    })
}

fn kind(member: &Member) -> &'static str {
    match member {
        Member::User(_) => "graph.user",
        Member::Group(_) => "graph.group",
        Member::ServicePrincipal(_) => "graph.servicePrincipal",
        Member::Device(_) => "graph.device",
    }
}

/// The members a path asks for: direct or all, of every kind or one.
fn wanted(directory: &Directory, request: &GraphRequest) -> Result<Vec<Member>, GraphError> {
    let group = find(directory, request.id(0))?;
    let mut members = if request
        .segments
        .iter()
        .any(|segment| segment == "transitiveMembers")
    {
        directory.transitive_members(group)
    } else {
        group.members.clone()
    };
    if let Some(cast) = request
        .segments
        .iter()
        .find(|segment| segment.starts_with("graph."))
    {
        members.retain(|member| kind(member) == cast);
    }
    Ok(members)
}

/// `GET /groups/{id}/members`, `…/transitiveMembers` and their casts. A cast is an advanced query (facts on Entra §1.14).
pub(super) fn members(entra: &Entra, request: &GraphRequest) -> Result<Answer, GraphError> {
    let cast = request
        .segments
        .iter()
        .any(|segment| segment.starts_with("graph."));
    let query = Query::directory(request, cast)?;
    let paging = Paging {
        default: entra.knobs().page_size.unwrap_or(DIRECTORY.default),
        ..DIRECTORY
    };
    entra.read(|directory| {
        let members: Vec<Row<'_>> = wanted(directory, request)?
            .into_iter()
            .map(|member| Row { directory, member })
            .collect();
        query.page(request, paging, members.iter(), row)
    })
}

/// `GET …/graph.user/$count`: a number as plain text.
pub(super) fn count_members(entra: &Entra, request: &GraphRequest) -> Result<Answer, GraphError> {
    if !request
        .header("consistencylevel")
        .is_some_and(|level| level.eq_ignore_ascii_case("eventual"))
    {
        let message =
            "$count is not currently supported without the 'ConsistencyLevel:eventual' header.";
        return Err(GraphError::new(
            StatusCode::BAD_REQUEST,
            "Request_BadRequest",
            message,
        ));
    }
    entra.read(|directory| Ok(Answer::count(wanted(directory, request)?.len())))
}

/// An object of any kind, with its type.
pub(super) fn object(directory: &Directory, id: &Uuid) -> Option<Value> {
    if let Some(user) = directory.users.get(id) {
        return Some(render::typed(render::user(user), "user"));
    }
    if let Some(group) = directory.groups.get(id) {
        return Some(render::typed(render::group(group), "group"));
    }
    if let Some(principal) = directory.service_principals.get(id) {
        return Some(render::typed(
            render::service_principal(principal),
            "servicePrincipal",
        ));
    }
    directory
        .applications
        .get(id)
        .map(|application| render::typed(render::application(application), "application"))
}

/// `POST /directoryObjects/getByIds`: a read of at most 1,000 objects; ids that name nothing are left out.
pub(super) fn get_by_ids(entra: &Entra, request: &GraphRequest) -> Result<Answer, GraphError> {
    let ids = request
        .body
        .get("ids")
        .and_then(Value::as_array)
        .filter(|ids| !ids.is_empty());
    let ids = ids.ok_or_else(|| {
        GraphError::bad_request("The property 'ids' must name at least one object.")
    })?;
    if ids.len() > 1_000 {
        return Err(GraphError::bad_request(
            "Too many ids: at most 1000 may be specified.",
        ));
    }
    let types: Vec<&str> = request
        .body
        .get("types")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let rows: Vec<Value> = entra.read(|directory| {
        ids.iter()
            .filter_map(|id| object(directory, &id.as_str()?.parse().ok()?))
            .filter(|found| {
                let kind = found["@odata.type"].as_str().unwrap_or_default();
                types.is_empty()
                    || types.contains(&"directoryObject")
                    || types
                        .iter()
                        .any(|wanted| kind.ends_with(&format!(".{wanted}")))
            })
            .collect()
    });
    Ok(Answer::json(
        json!({ "@odata.context": format!("{}/v1.0/$metadata#directoryObjects", request.origin), "value": rows }),
    ))
}
