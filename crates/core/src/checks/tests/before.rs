use crate::checks::tests::*;
use crate::observation::databricks::TokenOwner;

#[test]
fn before_starting() {
    use Status::*;
    assert_eq!(
        status("aim-considered", |setup, _| setup.cloud =
            DatabricksCloud::Aws),
        NotApplicable
    );
    assert_eq!(
        status("aim-considered", |_, world| workspace(world).federated =
            databricks(false)),
        Pass
    );
    assert_eq!(
        status("aim-considered", |_, world| workspace(world).federated =
            Seen::default()),
        Unknown
    );
    let word = Attestation {
        by: "Ada".into(),
        at: now(),
        note: None,
    };
    assert_eq!(
        status("aim-considered", |setup, _| {
            setup.attested.insert("aim-considered".into(), word);
        }),
        Pass
    );

    assert_eq!(
        status("premium-plan", |_, world| workspace(world).pricing_tier =
            databricks("STANDARD".into())),
        Fail
    );
    assert_eq!(
        status("premium-plan", |_, world| workspace(world).pricing_tier =
            Seen::default()),
        Unknown
    );
    assert_eq!(
        status("databricks-admin", |_, world| world
            .databricks
            .second_credential_is_admin =
            databricks(false)),
        Fail
    );
    assert_eq!(
        status("databricks-admin", |_, world| world
            .databricks
            .second_credential_is_admin =
            Seen::default()),
        Unknown
    );
    assert_eq!(status("databricks-admin", |_, _| {}), Pass);
    // Of a workspace its token's owner tells most; whoever is no account admin may administer it.
    let of_workspace = |owner: Option<bool>, second: bool| {
        status("databricks-admin", |setup, world| {
            setup.journey = crate::model::setup::Journey::Workspace;
            world.databricks.second_credential_is_admin = databricks(second);
            if owner.is_some() {
                world.databricks.token_owner = databricks(TokenOwner {
                    id: "1".into(),
                    user_name: "root@contoso.example".into(),
                    external_id: None,
                    active: true,
                    is_admin: owner,
                    is_service_principal: false,
                });
            }
        })
    };
    assert_eq!(of_workspace(Some(true), false), Pass);
    assert_eq!(of_workspace(Some(false), true), Fail);
    assert_eq!(of_workspace(None, true), Pass);
    assert_eq!(of_workspace(None, false), Unknown);

    let none = after("entra-role", |_, world| {
        known(&mut world.entra.signed_in)
            .permissions
            .pop()
            .map(drop)
            .unwrap()
    });
    assert_eq!(none.status, Fail);
    assert!(
        none.evidence
            .iter()
            .any(|evidence| evidence.value == "Synchronization.Read.All")
    );
    assert_eq!(
        status("entra-role", |_, world| {
            let signed_in = known(&mut world.entra.signed_in);
            signed_in.permissions.clear();
            signed_in.is_opaque = true;
        }),
        Unknown
    );
    let person = |roles: Seen<Vec<String>>| {
        status("entra-role", |_, world| {
            let signed_in = known(&mut world.entra.signed_in);
            signed_in.kind = IdentityKind::Delegated;
            signed_in.directory_roles = roles;
        })
    };
    assert_eq!(
        person(entra(vec!["158c047a-c907-4556-b7ef-446551a6b5f7".into()])),
        Pass
    );
    assert_eq!(
        person(entra(vec!["f2ef992c-3afb-46b9-b7cf-a126ee74c451".into()])),
        Fail
    );
    assert_eq!(person(Seen::default()), Unknown);
    assert_eq!(
        status("entra-role", |_, world| world.entra.signed_in =
            Seen::default()),
        Unknown
    );

    assert_eq!(
        status("group-licence", |_, world| world.entra.licences =
            entra(Vec::new())),
        Fail
    );
    assert_eq!(
        status("group-licence", |_, world| world.entra.licences =
            Seen::default()),
        Unknown
    );
    assert_eq!(
        status("group-licence", |setup, world| {
            setup.want.assign.clear();
            known(&mut first(world).assignments).clear();
        }),
        NotApplicable
    );
    assert_eq!(
        status("cloud-supported", |setup, _| setup.entra.cloud =
            EntraCloud::China),
        Fail
    );
    assert_eq!(
        status("cloud-supported", |_, world| world.entra.template =
            entra(None)),
        Fail
    );
    assert_eq!(
        status("cloud-supported", |setup, world| {
            setup.entra.cloud = EntraCloud::UsGovL4;
            world.entra.template = Seen::default();
        }),
        Unknown
    );
    assert_eq!(
        status("same-account", |_, world| workspace(world).account_id =
            databricks("other".into())),
        Fail
    );
    assert_eq!(
        status("same-account", |_, world| workspace(world).account_id =
            Seen::default()),
        Unknown
    );
    assert_eq!(
        status("same-account", |setup, world| {
            setup.databricks.workspaces.clear();
            world.databricks.workspaces.clear();
        }),
        NotApplicable
    );
    assert_eq!(
        status("same-tenant", |_, world| workspace(world).tenant =
            databricks("other".into())),
        Fail
    );
    assert_eq!(
        status("same-tenant", |_, world| workspace(world).tenant =
            Seen::default()),
        Unknown
    );
    assert_eq!(
        status("same-tenant", |setup, _| setup.cloud = DatabricksCloud::Gcp),
        NotApplicable
    );
    assert_eq!(
        status("identity-federation", |_, world| workspace(world)
            .federated =
            databricks(false)),
        Warn
    );
    assert_eq!(
        status("identity-federation", |_, world| workspace(world)
            .federated =
            Seen::default()),
        Unknown
    );
}
