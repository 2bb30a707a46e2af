# Written by `make docs` from the table that --help is written from; a test fails when it is stale.
_bambu_exporter() {
    local word=${COMP_WORDS[COMP_CWORD]} flag=${COMP_WORDS[COMP_CWORD - 1]} index command=
    if [[ $word == = ]]; then
        word=
    elif [[ $flag == = ]]; then
        flag=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    case $flag in
    --log.level)
        mapfile -t COMPREPLY < <(compgen -W "debug info warn error" -- "$word")
        return ;;
    --log.format)
        mapfile -t COMPREPLY < <(compgen -W "logfmt json" -- "$word")
        return ;;
    --region)
        mapfile -t COMPREPLY < <(compgen -W "global china" -- "$word")
        return ;;
    --config.file | --web.config.file | --output | -o)
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        return ;;
    --web.listen-address | --web.telemetry-path | --web.external-url | --web.route-prefix | --web.max-requests | --shard.index | --shard.count | --account | --timeout | --interval | --every-percent) return ;;
    esac
    if [[ $word == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "--config.file= --config.check --web.listen-address= --web.telemetry-path= --web.config.file= --web.external-url= --web.route-prefix= --web.max-requests= --web.enable-lifecycle --shard.index= --shard.count= --log.level= --log.format= --account= --region= --timeout= --output= --follow --interval= --every-percent= --version --help" -- "$word")
        if [[ ${COMPREPLY[0]-} == *= ]]; then compopt -o nospace; fi
        return
    fi
    for ((index = 1; index < COMP_CWORD; index++)); do
        case ${COMP_WORDS[index]} in
        =) index=$((index + 1)) ;;
        --config.file | --web.listen-address | --web.telemetry-path | --web.config.file | --web.external-url | --web.route-prefix | --web.max-requests | --shard.index | --shard.count | --log.level | --log.format | --account | --region | --timeout | --output | -o | --interval | --every-percent) if [[ ${COMP_WORDS[index + 1]} != = ]]; then index=$((index + 1)); fi ;;
        -*) ;;
        *) command=${COMP_WORDS[index]} ;;
        esac
    done
    if [[ -z $command ]]; then
        mapfile -t COMPREPLY < <(compgen -W "login discover snapshot forget healthcheck" -- "$word")
    fi
}
complete -F _bambu_exporter bambu_exporter
