# For a rehearsal against other hosts, LOGIN_ORIGIN and GRAPH_ORIGIN replace the two origins above.
LOGIN=${LOGIN_ORIGIN:-$LOGIN}
GRAPH=${GRAPH_ORIGIN:-$GRAPH}
PAUSE=${PAUSE_SECONDS:-10}

say() { printf '%s\n' "$*" >&2; }
stop() {
    say "Stopped: $*"
    exit 1
}

command -v curl >/dev/null || stop 'curl is not installed.'
command -v jq >/dev/null || stop 'jq is not installed.'
[ -n "$SCIM_URL" ] || stop 'The set-up has no SCIM URL.'
[ -n "${USHER_SCIM_TOKEN:-}" ] || stop 'USHER_SCIM_TOKEN is not set: it is the Databricks token.'
export USHER_SCIM_TOKEN

# Bodies, answers and the sign-in's header are kept in a folder nobody else can read, and go with the script.
umask 077
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Text for an address; and a name as OData quotes it, for an address.
uri() { jq -nr --arg text "$1" '$text | @uri'; }
odata() { jq -nr --arg text "$1" '"\u0027" + ($text | gsub("\u0027"; "\u0027\u0027")) + "\u0027" | @uri'; }

# request METHOD URL: the body of a write stands in $folder/body. The status goes to $status, the answer to $folder/answer.
# Only 429 is repeated: after any other doubt a write may have happened, and a second run looks first.
request() {
    method=$1
    url=$2
    tries=0
    set -- --silent --show-error --max-time 60 --request "$method" --url "$url" --header @"$folder/headers"
    if [ "$method" != GET ]; then
        set -- "$@" --header 'Content-Type: application/json' --data-binary @"$folder/body"
    fi
    while :; do
        : >"$folder/answer"
        status=$(curl "$@" --dump-header "$folder/received" --output "$folder/answer" --write-out '%{http_code}') ||
            stop "$method $url was not answered."
        tries=$((tries + 1))
        if [ "$status" != 429 ] || [ "$tries" -ge 5 ]; then
            return 0
        fi
        wait=$(sed -n 's/^[Rr]etry-[Aa]fter: *\([0-9][0-9]*\).*/\1/p' "$folder/received" | tail -n 1)
        say "Microsoft Graph asked to wait ${wait:-$PAUSE} s."
        sleep "${wait:-$PAUSE}"
    done
}

# Stops unless the last request had one of these statuses.
expect() {
    for wanted in "$@"; do
        [ "$status" != "$wanted" ] || return 0
    done
    told=$(jq -r '.error | "\(.code // "") \(.message // "")"' "$folder/answer" 2>/dev/null || true)
    stop "$method $url was answered $status. $told"
}

# Something of the last answer.
answer() { jq -r "$@" "$folder/answer"; }

# The body of the next write.
body() { jq -n "$@" >"$folder/body"; }

sign_in() {
    if [ -z "${GRAPH_TOKEN:-}" ]; then
        [ -n "${USHER_ENTRA_CLIENT_SECRET:-}" ] || stop 'Neither GRAPH_TOKEN nor USHER_ENTRA_CLIENT_SECRET is set.'
        { [ -n "$TENANT" ] && [ -n "$CLIENT_ID" ]; } || stop 'The set-up has no tenant or client id; set GRAPH_TOKEN instead.'
        export USHER_ENTRA_CLIENT_SECRET
        GRAPH_TOKEN=$(
            jq -nrj --arg client "$CLIENT_ID" --arg scope "$GRAPH/.default" '"grant_type=client_credentials"
                + "&client_id=" + ($client | @uri) + "&scope=" + ($scope | @uri)
                + "&client_secret=" + ($ENV.USHER_ENTRA_CLIENT_SECRET | @uri)' |
                curl --silent --show-error --max-time 60 --data-binary @- --url "$LOGIN/$(uri "$TENANT")/oauth2/v2.0/token" |
                jq -r '.access_token // empty'
        )
        [ -n "$GRAPH_TOKEN" ] || stop 'Entra did not accept the sign-in.'
    fi
    printf 'Authorization: Bearer %s\n' "$GRAPH_TOKEN" >"$folder/headers"
}

# An application that was just made is not everywhere at once: it counts when its synchronization templates are listed.
wait_for_templates() {
    waited=0
    while :; do
        request GET "$application/synchronization/templates"
        if [ "$status" = 200 ] && [ "$(answer '.value | length')" -gt 0 ]; then
            return 0
        fi
        waited=$((waited + 1))
        if [ "$waited" -gt 60 ]; then
            expect 200
            stop 'The application has no synchronization templates.'
        fi
        sleep "$PAUSE"
    done
}

find_or_create_application() {
    if [ -z "$SERVICE_PRINCIPAL" ]; then
        request GET "$GRAPH/v1.0/applicationTemplates?\$filter=displayName%20eq%20$(odata "$GALLERY_NAME")"
        expect 200
        template=$(answer '.value[0].id // empty')
        [ -n "$template" ] || stop "The gallery of this cloud has no \"$GALLERY_NAME\"."
        request GET "$GRAPH/v1.0/servicePrincipals?\$filter=displayName%20eq%20$(odata "$APP_NAME")"
        expect 200
        found=$(answer --arg template "$template" '[.value[] | select(.applicationTemplateId == $template) | .id] | join(" ")')
        case $found in
        '')
            say "Creating the enterprise application \"$APP_NAME\"."
            body --arg name "$APP_NAME" '{displayName: $name}'
            request POST "$GRAPH/v1.0/applicationTemplates/$template/instantiate"
            expect 201
            SERVICE_PRINCIPAL=$(answer '.servicePrincipal.id')
            ;;
        *' '*) stop "Several applications are named \"$APP_NAME\": $found. Put the right id into SERVICE_PRINCIPAL." ;;
        *) SERVICE_PRINCIPAL=$found ;;
        esac
    fi
    application=$GRAPH/v1.0/servicePrincipals/$(uri "$SERVICE_PRINCIPAL")
    wait_for_templates
    job_template=$(answer --arg wanted "$JOB_TEMPLATE" \
        '[.value[].id] | (map(select(ascii_downcase == ($wanted | ascii_downcase))) + .)[0]')
    say "Enterprise application: $SERVICE_PRINCIPAL"
}

# "Assignment required?" under Properties.
set_assignment_required() {
    request GET "$application"
    expect 200
    cp "$folder/answer" "$folder/application"
    found=$(answer '.appRoleAssignmentRequired')
    if [ -z "$ASSIGNMENT_REQUIRED" ] || [ "$found" = "$ASSIGNMENT_REQUIRED" ]; then
        return 0
    fi
    say "Assignment required: $found becomes $ASSIGNMENT_REQUIRED."
    body --argjson required "$ASSIGNMENT_REQUIRED" '{appRoleAssignmentRequired: $required}'
    request PATCH "$application"
    expect 204
}

# "Test Connection": Entra asks Databricks with these credentials before they are saved. A job with wrong ones goes into
# quarantine at once.
test_credentials() {
    body --arg template "$job_template" --arg address "$SCIM_URL" '{
        useSavedCredentials: false,
        templateId: $template,
        credentials: [{key: "BaseAddress", value: $address}, {key: "SecretToken", value: $ENV.USHER_SCIM_TOKEN}]
    }'
    request POST "$application/synchronization/jobs/validateCredentials"
    expect 200 204
    say 'Entra reached Databricks with this address and token.'
}

# Endpoint, token and settings; Graph calls them secrets. Whether a PUT merges or replaces is not documented, so the whole set
# is read, changed and written, and read again. Graph shows sensitive values as "*", which is never written back: only the token
# is known here, and another masked value stops the script.
save_credentials_and_settings() {
    request GET "$application/synchronization/secrets"
    expect 200
    cp "$folder/answer" "$folder/secrets"
    masked=$(answer '[.value[]? | select(.value == "*" and .key != "SecretToken") | .key] | join(", ")')
    [ -z "$masked" ] || stop "Entra holds $masked hidden, and saving would lose it. Save address and token in the portal."
    address=$(answer '[.value[]? | select(.key == "BaseAddress") | .value][0] // empty')
    case $address in
    '' | "$SCIM_URL") ;;
    *) stop "This connector leads to $address. Another target is another application." ;;
    esac
    all=$(answer '[.value[]? | select(.key == "SyncAll") | .value | ascii_downcase][0] // empty')
    if [ "$all" = true ] && [ "$SYNC_ALL" = false ]; then
        stop 'The scope would shrink from everyone to those assigned, and Entra deactivates who leaves it. Plan this with Usher.'
    fi
    jq --arg address "$SCIM_URL" --arg all "$SYNC_ALL" --arg notification "$NOTIFICATION" '
        def put($key; $value): map(select(.key != $key)) + [{key: $key, value: $value}];
        def stored: [.[] | select(.key == "SyncNotificationSettings") | .value | fromjson?][0] // {};
        [.value[]? | select(.value != null and .value != "") | {key, value}]
        | put("BaseAddress"; $address)
        | put("SecretToken"; $ENV.USHER_SCIM_TOKEN)
        | if $all == "" then . else put("SyncAll"; $all) end
        | if $notification == "" then . else put("SyncNotificationSettings"; (stored + ($notification | fromjson)) | tojson) end
        | {value: .}' "$folder/secrets" >"$folder/body"
    request PUT "$application/synchronization/secrets"
    expect 200 204
    request GET "$application/synchronization/secrets"
    expect 200
    lost=$(jq -r --slurpfile written "$folder/body" '
        [.value[]? | select(.value != "") | .key] as $kept | [$written[0].value[].key] - $kept | join(", ")' "$folder/answer")
    [ -z "$lost" ] || stop "Entra does not show what was saved: $lost is missing."
    say 'Address, token and settings are saved.'
}

# "Provisioning Mode: Automatic" is a synchronization job.
find_or_create_job() {
    request GET "$application/synchronization/jobs"
    expect 200
    job=$(answer --arg template "$job_template" '[.value[]? | select(.templateId == $template) | .id][0] // empty')
    if [ -z "$job" ]; then
        say 'Creating the synchronization job.'
        body --arg template "$job_template" '{templateId: $template}'
        request POST "$application/synchronization/jobs"
        expect 200 201
        job=$(answer '.id')
    fi
    job_address=$application/synchronization/jobs/$(uri "$job")
}

# Everyone who is assigned, page by page; a next page elsewhere would get the token, so it is refused.
read_assignments() {
    # "User" before any other role for users; msiam_access is a default access role in disguise.
    role=$(jq -r '[.appRoles[]? | select(.isEnabled and any(.allowedMemberTypes[]; . == "User"))]
        | sort_by(if .displayName == "User" then 0 elif .displayName == "msiam_access" then 2 else 1 end)
        | .[0].id // "00000000-0000-0000-0000-000000000000"' "$folder/application")
    : >"$folder/assigned"
    page="$application/appRoleAssignedTo"
    while [ -n "$page" ]; do
        case $page in
        "$GRAPH"/*) ;;
        *) stop "Microsoft Graph named a next page elsewhere: $page" ;;
        esac
        request GET "$page"
        expect 200
        answer '.value[] | .principalId' >>"$folder/assigned"
        page=$(answer '."@odata.nextLink" // empty')
    done
}

# assign KIND ID NAME
assign() {
    if grep -qixF -e "$2" "$folder/assigned"; then
        return 0
    fi
    say "Assigning the $1 $3."
    body --arg principal "$2" --arg resource "$SERVICE_PRINCIPAL" --arg role "$role" \
        '{principalId: $principal, resourceId: $resource, appRoleId: $role}'
    request POST "$application/appRoleAssignedTo"
    expect 201
}

# Starts a job that never ran. One that ran before is not started: whoever left its scope meanwhile would be deactivated.
start_job() {
    request GET "$job_address"
    expect 200
    if [ "$(answer '.schedule.state')" = Active ]; then
        say 'The sync runs.'
        return 0
    fi
    if [ "$(answer '[.status.synchronizedEntryCountByType[]?.value] | add // 0')" != 0 ]; then
        stop 'The sync ran before and is off. Start it with Usher, or in the portal once you know that nobody left its scope.'
    fi
    say 'Starting the sync.'
    : >"$folder/body"
    request POST "$job_address/start"
    expect 200 204
}

pause_job() {
    request GET "$job_address"
    expect 200
    if [ "$(answer '.schedule.state')" = Active ]; then
        say 'Pausing the sync; a cycle that is under way still ends.'
        : >"$folder/body"
        request POST "$job_address/pause"
        expect 200 204
    fi
}
