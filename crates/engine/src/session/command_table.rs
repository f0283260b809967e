/// Hands the table of commands to a macro. `src-tauri/build.rs` includes this file, so it names nothing from outside.
#[macro_export]
macro_rules! for_each_command {
    ($callback:ident) => {
        $callback! {
            /// Version, world, keyring, platform, folders: what the bar and the start page show.
            app_info(Nothing) -> AppInfo;
            /// Keeps the theme.
            set_theme(SetTheme) -> AppInfo;

            /// Every set-up of the data folder, also those that cannot be read.
            list_setups(Nothing) -> SetupList;
            /// Makes a set-up, saves it and opens it.
            create_setup(CreateSetup) -> SetupView;
            /// Opens a set-up of the data folder.
            open_setup(OpenSetup) -> SetupView;
            /// Opens a set-up file from elsewhere (a hand-over): it is copied into the data folder first.
            open_setup_file(OpenSetupFile) -> SetupView;
            /// Closes the open set-up; running jobs are cancelled.
            close_setup(Nothing) -> SetupList;
            /// Gives the open set-up another name.
            rename_setup(RenameSetup) -> SetupView;
            /// Deletes a set-up's file and its secrets. What was set up in Entra and Databricks stays.
            delete_setup(OpenSetup) -> SetupList;
            /// The open set-up as it stands.
            current_setup(Nothing) -> SetupView;
            /// Changes one thing of the open set-up and saves it.
            change_setup(ChangeSetup) -> SetupView;

            /// Reads a pasted SCIM URL while it is typed; sends nothing.
            recognise_url(RecogniseUrl) -> UrlReading;
            /// Reads a pasted token while it is typed; keeps and sends nothing.
            recognise_token(RecogniseToken) -> TokenReading;
            /// Takes a good SCIM URL into the open set-up.
            use_url(RecogniseUrl) -> SetupView;
            /// Asks the vault again which secrets the open set-up has; may wait for a person to unlock the keyring.
            secrets(Nothing) -> SetupView;
            /// Puts a secret into the vault, straight from the paste field.
            keep_token(KeepToken) -> SetupView;
            /// Removes a secret from the vault.
            forget_secret(ForgetSecret) -> SetupView;
            /// Asks the keyring by write, read and delete; may wait for a person to unlock it.
            keyring_probe(Nothing) -> KeyringView;
            /// Keeps secrets in memory for this run, on the person's choice.
            use_memory_vault(Nothing) -> KeyringView;

            /// Learns account id, cloud and tenant from a workspace URL; needs no token.
            discover_workspace(DiscoverWorkspace) -> Discovery;
            /// The connection doctor on the open set-up's URL and token; writes nothing.
            test_connection(StartJob, PhaseEvent) -> SetupView;
            /// Looks which Databricks connectors the tenant has, and at nothing else.
            find_connectors(StartJob, ObserveEvent) -> SetupView;
            /// Goes over every enterprise application of the tenant for connectors of another template; goes on where it was broken off.
            deep_scan(StartJob, ObserveEvent) -> SetupView;
            /// Takes a connector over as it stands: its name, and what the address in it says of journey, cloud and account.
            use_connector(UseConnector) -> SetupView;
            /// Looks at both sides and judges every check; writes nothing.
            observe(StartJob, ObserveEvent) -> SetupView;
            /// Signs in to Entra in the way the set-up names, with read permissions.
            sign_in(StartJob, SignInEvent) -> SetupView;
            /// Asks for write permissions as well, when a plan is about to be confirmed. An app has them or not.
            allow_writing(StartJob, SignInEvent) -> SetupView;
            /// Takes the person's sign-in to Azure Databricks, as the second credential. In memory; on Azure alone.
            sign_in_to_databricks(StartJob, SignInEvent) -> SetupView;
            /// Gets a new token: permissions and roles granted a moment ago are in new tokens only.
            renew_sign_in(StartJob) -> SetupView;
            /// Forgets the sign-in to Entra.
            sign_out(Nothing) -> SetupView;
            /// How to make the registration Usher signs in with: permissions and why each.
            registration_guide(Nothing) -> RegistrationGuide;
            /// Reads the tenant's people and groups into the tables.
            load_directory(StartJob, ObserveEvent) -> SetupView;
            /// Searches people or groups on Entra's side, where not everybody was read.
            search_directory(SearchDirectory) -> DirectoryFound;
            /// A window of a table.
            rows(RowsRequest) -> RowWindow;
            /// The changes that would bring the world to what the set-up asks; from what was observed last.
            plan(Nothing) -> PlanView;
            /// A move: every connector and workspace that was seen, and how many people are covered.
            move_view(Nothing) -> MoveView;
            /// A move: takes the workspaces behind the connectors into the set-up; asks each who it is, without a token.
            name_workspaces(StartJob, ObserveEvent) -> SetupView;
            /// A move: workspace-local groups, and in which order to work on them.
            local_groups(Nothing) -> LocalGroupsView;
            /// A move: writes one of its texts into a folder.
            save_move_report(SaveMoveReport) -> Saved;
            /// The changes that would put one check right, and no other; from what was observed last.
            plan_fix(PlanFix) -> PlanView;
            /// Carries the confirmed plan out through the journal.
            apply(ApplyRequest, ApplyEvent) -> ApplyResult;
            /// After a run that ended in the middle: asks the world what became of what was begun. Changes nothing.
            resume(StartJob, ApplyEvent) -> ApplyResult;
            /// What a rollback would do, from what was observed last.
            planned_rollback(Nothing) -> RollbackView;
            /// Takes back what the journal says was done, newest first, where it can be.
            rollback(StartJob, ApplyEvent) -> ApplyResult;
            /// Provisions one assigned person now, and reads them back from Databricks field by field.
            provision_one(ProvisionOne, ApplyEvent) -> ProvisionedOne;
            /// Watches the cycle that began with the last start until it ends, then looks at both sides.
            watch_cycle(StartJob, ApplyEvent) -> CycleWatched;
            /// Cancels a job; it answers with the failure `cancelled`.
            cancel(CancelJob) -> Cancelled;
            /// A person's word for a check that Usher could not see.
            attest(Attest) -> SetupView;
            /// Takes that word back.
            withdraw_attestation(WithdrawAttestation) -> SetupView;

            /// What is wrong with a sync that runs, beside the findings: quarantine, failures by cause, what changed since the last look.
            health(Nothing) -> HealthView;
            /// Writes everybody the failures of the provisioning log concern into a folder, as CSV.
            save_failures(SaveInto) -> Saved;
            /// What to know at a step.
            tips(TipsOf) -> TipList;
            /// How the token stands, and the steps of the renewal that is under way.
            rotation(Nothing) -> RotationView;
            /// Writes a calendar file that speaks up before the token ends.
            save_reminder(SaveInto) -> Saved;
            /// Entra's address ranges, from the service-tags file that was read last on this machine.
            address_ranges(Nothing) -> KeptAddressRanges;
            /// Reads a service-tags file, and says what changed since the one before.
            read_address_ranges(OpenSetupFile) -> KeptAddressRanges;
            /// The same from the file's text, which was chosen or dropped in the window.
            take_address_ranges(ServiceTags) -> KeptAddressRanges;
            /// Writes the ranges as entries of a Databricks IP access list.
            save_address_ranges(SaveInto) -> Saved;

            /// The URL behind a link, for showing and copying.
            link(FollowLink) -> LinkView;
            /// Opens a link in the system's browser.
            open_link(FollowLink) -> LinkView;
            /// Opens a page of documentation that a finding or a fault names; refuses every other address.
            read_more(ReadMore) -> Nothing;
            /// The help beside a page.
            help(HelpOf) -> HelpText;
            /// Whether automatic identity management is the better answer, asked before a set-up on Azure begins.
            aim_question(Nothing) -> AimQuestion;

            /// The checklist as text.
            checklist(ChecklistRequest) -> ChecklistText;
            /// Writes the checklist into a folder.
            save_checklist(SaveChecklist) -> Saved;
            /// Writes the set-up as code into a folder of its own, secrets as variables.
            export_code(ExportCode) -> Exported;
            /// Writes a set-up file without secrets and a one-page note for the other admin.
            hand_over(HandOver) -> HandedOver;

            /// The scenarios one can practise.
            practice_scenarios(Nothing) -> ScenarioList;
            /// Starts a practice tenant and moves the session into it.
            start_practice(StartPractice) -> AppInfo;
            /// Ends practice and goes back to the real clouds.
            leave_practice(Nothing) -> AppInfo;
            /// The practice portal: the values an admin would copy from the consoles. Worth nothing elsewhere.
            practice_credentials(Nothing) -> PracticeCredentials;
            /// Presses something in the practice portal, as an admin would in a console.
            press_in_portal(PressInPortal) -> PracticeCredentials;
        }
    };
}
